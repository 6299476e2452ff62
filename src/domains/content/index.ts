import './cms-item.ts';
import './cms-section.ts';
