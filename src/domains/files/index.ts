import './attachment.ts';
import './file.ts';
import './file-storage-stats.ts';
import './file-upload.ts';
