/** What an agency and its clients talk about. */
import type { Topic } from '../trade.ts';

export const agencyTopics: readonly Topic[] = [
  {
    subject: 'Homepage design, second round',
    about: 'the second round of homepage designs',
    positive: 'They love the calmer hero and the shorter navigation, and approved the phone layout on the spot.',
    neutral: 'They asked for one more variant of the hero with product photographs instead of illustration.',
    negative: 'They are unhappy that comments from the first round were missed and feel the main offer is hidden.',
  },
  {
    subject: 'Logo presentation',
    about: 'the three logo directions',
    positive: 'Direction two won within minutes; the monogram works on the packaging and on the app icon.',
    neutral: 'Directions one and three stay in the race, the founder wants to sleep on it.',
    negative: 'None of the three convinced the board, and they questioned whether we had understood the brief.',
  },
  {
    subject: 'Campaign results, last month',
    about: 'the results of the paid campaigns',
    positive: 'Cost per lead fell by a third and they want to raise the budget for next quarter.',
    neutral: 'Clicks are up and conversions flat; we agreed to test two new landing pages.',
    negative:
      'Spend was fifteen percent over plan without a sale to show for it, and they want an explanation in writing.',
  },
  {
    subject: 'Search traffic report',
    about: 'the monthly search report',
    positive: 'Organic visits doubled since the relaunch and the guide articles rank on the first page.',
    neutral: 'Positions moved little, as expected three weeks after the update of the site structure.',
    negative: 'Traffic dropped after the domain change because redirects were missing on our side.',
  },
  {
    subject: 'Change to the project scope',
    about: 'adding a booking system to the website',
    positive: 'They accepted the extra estimate without discussion and moved the launch by two weeks.',
    neutral: 'They need the price of the booking system separately, to decide on it in the next budget round.',
    negative: 'They consider booking part of the original offer and refuse to pay for it.',
  },
  {
    subject: 'Invoice question',
    about: 'the last invoice',
    positive: 'Everything was clear after a short explanation, and payment is on its way.',
    neutral: 'They need a purchase order number on it before finance can release the payment.',
    negative: 'The hours look far too high to them and they will hold the payment until we have met.',
  },
  {
    subject: 'Photo shoot planning',
    about: 'the photo shoot in the new store',
    positive: 'Location, models and shot list are confirmed, and they are excited about the stylist we proposed.',
    neutral: 'The date depends on the delivery of the shelves; two options are blocked with the photographer.',
    negative:
      'The shoot had to be cancelled a day before because the products did not arrive, and they blame our schedule.',
  },
  {
    subject: 'Newsletter and welcome emails',
    about: 'the new welcome series',
    positive: 'Open rates are at fifty-two percent, the best they have ever had.',
    neutral: 'The texts are approved; the discount code still has to be created in the shop.',
    negative: 'A test mail went out to the whole list, and they want to know how that could happen.',
  },
  {
    subject: 'Brand voice guidelines',
    about: 'the tone of voice document',
    positive: 'The support team already uses the examples, and the chief executive quoted it in a speech.',
    neutral: 'They would like more examples for complaints and for job advertisements.',
    negative: 'They find it too playful for a regulated business and want a rewrite.',
  },
  {
    subject: 'Launch date',
    about: 'the launch date of the new site',
    positive: 'Content is complete a week early; we go live on the planned Tuesday morning.',
    neutral: 'Legal still has to sign off the privacy page, so the date stays provisional.',
    negative: 'We had to move the launch for the second time and they mentioned the penalty clause.',
  },
  {
    subject: 'Renewal of the retainer',
    about: 'the retainer for next year',
    positive: 'They want to renew and add social content to the package.',
    neutral: 'They will compare with the offer of another agency before they decide.',
    negative: 'They plan to take the work in house and will probably give notice.',
  },
  {
    subject: 'Accessibility review',
    about: 'the accessibility review of the shop',
    positive: 'All serious findings are fixed, and keyboard users can finally complete the checkout.',
    neutral: 'Contrast and form labels are on the list for the next sprint.',
    negative: 'A customer with a screen reader complained publicly, and they expected us to have caught it.',
  },
  {
    subject: 'Packaging proofs',
    about: 'the printed proofs of the new packaging',
    positive: 'Colours match the swatches and the uncoated paper feels right; released for print.',
    neutral: 'The barcode has to move by four millimetres, otherwise the proofs are fine.',
    negative: 'Ten thousand boxes came back with the wrong green and they want them reprinted at our cost.',
  },
  {
    subject: 'Customer interviews',
    about: 'the findings of the customer interviews',
    positive: 'The insight that parents book at night changed their whole campaign plan; very good feedback.',
    neutral: 'They asked for the transcripts and a second set of interviews with lapsed customers.',
    negative: 'They doubt that eight interviews mean anything and do not want to pay for the research.',
  },
  {
    subject: 'Analytics and consent banner',
    about: 'tracking and the consent banner',
    positive: 'The dashboard is clear, and their team reads it every Monday without our help.',
    neutral: 'Numbers differ between the shop and the dashboard; we will compare both for a week.',
    negative: 'Nothing was tracked for eleven days after the update, so the campaign cannot be judged.',
  },
  {
    subject: 'Introduction to a partner company',
    about: 'a sister company that needs a new identity',
    positive: 'They recommended us warmly and set up a first meeting for next week.',
    neutral: 'They will mention us when the time comes, not before summer.',
    negative: 'They would not recommend us at the moment, because of the delays in spring.',
  },
];
