import './expense.ts';
import './invoice.ts';
import './invoice-line-item.ts';
import './payment.ts';
