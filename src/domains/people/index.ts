import './employee.ts';
import './leave-decision.ts';
import './leave-request.ts';
import './performance-review.ts';
import './training-course.ts';
import './training-enrollment.ts';
import './training-progress.ts';
