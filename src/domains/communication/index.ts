import './conversation.ts';
import './conversation-participant.ts';
import './event.ts';
import './event-attendee.ts';
import './message.ts';
