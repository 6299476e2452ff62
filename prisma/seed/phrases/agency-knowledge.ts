/** What an agency writes down: documents for its clients and for itself, and what it has learnt. */
import type { Article, Trade } from '../trade.ts';

export const agencyClientDocuments: readonly Article[] = [
  {
    title: '{client}: kick-off minutes',
    body: 'Present: the marketing team of {client} and our project lead. The goal is a site that brings enquiries instead of phone calls. Success is measured by completed forms and by the share of returning visitors. Content comes from {client} in three deliveries; texts are edited by us. Approval lies with one person, within three working days. Risks named in the room: the old booking provider, and photographs that do not exist yet.',
  },
  {
    title: '{client}: brand guidelines',
    body: 'The logo of {client} stands alone, with free space as wide as its first letter. Primary colour for actions, secondary colour for large areas, never both in one button. Headlines are set in the serif, everything else in the grotesque. Photographs show people at work, in daylight, without props. The tone is warm and exact: short sentences, no superlatives, the customer is addressed directly.',
  },
  {
    title: '{client}: audience research',
    body: 'Twelve interviews and a survey with 340 answers. Three groups matter to {client}: planners who compare for weeks, people in a hurry who decide on the phone, and regulars who come back by name. Planners look for prices and reviews, and leave when they find neither. The hurried group never scrolls. Regulars would recommend, but nobody asks them. Recommendation: prices on the first screen and a referral card.',
  },
  {
    title: '{client}: content plan',
    body: 'Four themes for the next quarter at {client}: how it is made, who makes it, what customers do with it, and what it costs. Every theme gets one long article, two short films and six posts. Articles answer questions from search; films show hands and places. The calendar avoids the weeks of the trade fair. Owner of the calendar is the content lead, with a weekly check on Mondays.',
  },
  {
    title: '{client}: website structure',
    body: 'The new site of {client} has five sections instead of fourteen: offer, prices, about, journal, contact. Every page has one purpose and one button. Old addresses redirect to the closest new page; the list has 212 lines and was checked by hand. The contact form asks for four fields. Opening hours come from one place and appear on every page.',
  },
  {
    title: '{client}: campaign review',
    body: 'The spring campaign for {client} ran six weeks on search, social and two local radio stations. Search brought 61 percent of enquiries for 38 percent of the money. Social made the name known: aided awareness rose from 14 to 22 percent. Radio could not be measured properly because the phone number was not unique. Next time: a separate number, and an earlier start.',
  },
];

export const agencyOwnDocuments: readonly Article[] = [
  {
    title: 'How we estimate',
    body: 'Every estimate is made by two people who do not see each other’s numbers. Differences above thirty percent are talked through, not averaged. We estimate in half days, add one half day of project lead for every four days of work, and name what is not included. Estimates older than sixty days are made again. We never give a price on the phone.',
  },
  {
    title: 'Feedback rounds and approvals',
    body: 'Two rounds of changes are part of every fixed price. Feedback arrives in one document from one person. What contradicts an earlier approval counts as a new wish and is estimated. Approval is a written sentence with a date. Silence is not approval; after ten working days the project is paused and the team is given other work.',
  },
  {
    title: 'Launch checklist',
    body: 'Two weeks before: content freeze, redirects, backup of the old site. One week before: consent banner, tracking, forms with real recipients, load test. The day: Tuesday or Wednesday morning, never before a holiday. After: search console, broken links, speed on a slow phone, a call with the client on the next day. Somebody stays available for forty-eight hours.',
  },
  {
    title: 'Handling complaints',
    body: 'A complaint is answered on the same day by a person, not by a ticket. Say what happened, what it means for the client and what we do by when. Do not explain who was at fault. The project lead may grant up to a day of free work without asking. Everything above goes to the managing director. Each complaint is reviewed a month later.',
  },
  {
    title: 'Onboarding of freelancers',
    body: 'Freelancers get a contract, access for the length of the project and one contact person. They work in our tools and under our file names. Rates are agreed before the first day, including travel. Client contact is allowed in meetings, not by mail. Access ends on the last day; the contact person checks this.',
  },
  {
    title: 'Accessibility standard',
    body: 'All our work meets level AA. Contrast is checked in the design file, not afterwards. Every function works by keyboard; focus is visible. Images have a text or are marked as decoration. Films have captions. Forms say what is wrong next to the field. Two people who use assistive technology test each large project, and are paid for it.',
  },
  {
    title: 'Use of generated images and text',
    body: 'Generated pictures are allowed in sketches and never in final work for a client without written consent. Texts may start from a draft by a model, but a writer is responsible for every sentence. No confidential material of a client is put into a public tool. We tell clients what was generated when they ask, and before they ask when it matters.',
  },
  {
    title: 'Pricing of retainers',
    body: 'A retainer buys time and attention, not a stock of hours. The fee is paid in advance; a quarter of unused hours may be carried over once. Small requests are answered within one working day. Retainers run for twelve months and are reviewed after six. Below two days a month a retainer makes no sense for either side.',
  },
];

export const agencyKnowledge: Trade['knowledge'] = [
  {
    type: 'positioning',
    source: 'Strategy day',
    text: 'We are the studio for companies that are better than they look: established products, dated appearance, a founder who still answers the phone.',
  },
  {
    type: 'positioning',
    source: 'Strategy day',
    text: 'We do not compete on price. When a prospect asks for the cheapest offer we recommend a smaller studio by name.',
  },
  {
    type: 'tone_of_voice',
    source: 'Voice guide',
    text: 'We write plainly, in the active voice, with one idea in a sentence. No exclamation marks, no industry words that a baker would not use.',
  },
  {
    type: 'tone_of_voice',
    source: 'Voice guide',
    text: 'Proposals speak to the client as "you" and name problems before solutions. Humour is fine in mails and never in contracts.',
  },
  {
    type: 'pricing',
    source: 'Finance',
    text: 'Day rate of design is 1,280 dollars, of development 1,360, of strategy 2,400. Discounts above ten percent need the managing director.',
  },
  {
    type: 'pricing',
    source: 'Finance',
    text: 'Nonprofits pay eighty percent of the list price, and agree to be named as a reference.',
  },
  {
    type: 'process',
    source: 'Handbook',
    text: 'Every project starts with a paid discovery of three to five days. Without it we do not give a fixed price.',
  },
  {
    type: 'process',
    source: 'Handbook',
    text: 'Fridays without meetings. Clients learn this in the kick-off and respect it more than we had expected.',
  },
  {
    type: 'process',
    source: 'Handbook',
    text: 'A project has one lead on our side and one decision maker on the other side. Committees send one voice.',
  },
  {
    type: 'case_study',
    source: 'Website',
    text: 'For a dental practice we replaced a booking phone line by an online calendar: 71 percent of appointments are now made outside opening hours.',
  },
  {
    type: 'case_study',
    source: 'Website',
    text: 'A tea importer doubled its average order with new packaging and a tasting set; the redesign paid for itself in five months.',
  },
  {
    type: 'case_study',
    source: 'Website',
    text: 'A credit union gained 2,300 members under thirty with a campaign that showed real account statements, anonymised.',
  },
  {
    type: 'lesson',
    source: 'Retrospective',
    text: 'Projects that start without photographs are late. Book the shoot in the first week or use illustration from the beginning.',
  },
  {
    type: 'lesson',
    source: 'Retrospective',
    text: 'Redirects forgotten in a domain change cost one client a third of its search traffic for six weeks. The list is now part of the launch checklist.',
  },
  {
    type: 'lesson',
    source: 'Retrospective',
    text: 'When the person who pays is not in the kick-off, the design is approved twice and changed three times.',
  },
  {
    type: 'faq',
    source: 'Sales',
    text: 'How long does a website take? Twelve to sixteen weeks from kick-off to launch, of which four are waiting for content.',
  },
  {
    type: 'faq',
    source: 'Sales',
    text: 'Who owns the design? The client, with full payment. We keep the right to show the work.',
  },
  {
    type: 'faq',
    source: 'Sales',
    text: 'Do you work with our in-house team? Gladly. We share files, standards and a weekly hour, and leave the daily work to them.',
  },
  {
    type: 'policy',
    source: 'Management',
    text: 'We do not work for tobacco, gambling, or political parties, and we say so in the first call.',
  },
  {
    type: 'policy',
    source: 'Management',
    text: 'Spec work is not offered. For a pitch we show earlier work and our way of thinking, and charge for ideas.',
  },
];
