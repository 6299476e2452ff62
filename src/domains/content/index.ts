import './cms-section.ts';
import './cms-item.ts';
import './cms-item-publish.ts';
import './cms-move.ts';
import './site.ts';
