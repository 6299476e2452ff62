/**
 * What people write to each other. Each line begins with who writes: a, b and c are colleagues, x is somebody outside.
 * `{account}` stands for the client's name, `{first}` for that of the person outside.
 */
import type { OrgSlug } from '../people.ts';

export type Talk = readonly string[];

export interface Talks {
  readonly direct: readonly Talk[];
  readonly groups: readonly { readonly title: string; readonly talks: readonly Talk[] }[];
  readonly client: readonly Talk[];
  readonly support: readonly { readonly title: string; readonly talk: Talk }[];
}

const office: readonly Talk[] = [
  ['a Do you have ten minutes before lunch?', 'b After eleven, yes.', 'a Perfect, I will come over.'],
  ['b I am out on Thursday, dentist.', 'a Noted. I take your calls.', 'b Thank you, I owe you a coffee.'],
  [
    'a Could you look over the offer for {account} before it goes out?',
    'b Reading it now.',
    'b The second page promises a date. Do we want that?',
    'a Good catch, I take it out.',
    'b Then it is good to go.',
  ],
  [
    'b The accountant asks for the receipts of last month again.',
    'a They are in the shared folder since yesterday.',
    'b 🙏',
  ],
  [
    'a {account} called. They want to move Friday to next week.',
    'b Fine with me, but then the estimate slips as well.',
    'a I told them so, they accept it.',
  ],
  ['b Are you still in the office?', 'a On the train already. Is it urgent?', 'b No, tomorrow is early enough.'],
  ['a Who has the key of the meeting room?', 'b In the drawer, left side.', 'a Found it.'],
  ['a How did it go with {account}?', 'b Better than I feared. They sign this week.', 'a Great news!'],
];

const agency: Talks = {
  direct: [
    ...office,
    [
      'a The printer says our blacks are too rich for that paper.',
      'b Then 260 percent ink at most. I export it again.',
      'a They need it by four.',
      'b You have it by three.',
    ],
    ['b Did you see the numbers of the autumn campaign?', 'a Twice the clicks of last year, at the same price!'],
  ],
  groups: [
    {
      title: 'Studio',
      talks: [
        ['a Good morning! The new screens are here.', 'b Finally.', 'c Mine has a dead pixel, of course.'],
        ['b Who wants the last two tickets for the type conference?', 'c Me!', 'a Me too.', 'b Sold.'],
        [
          'a Client visit at two, please clear the big table.',
          'c Done. I left the samples on it.',
          'b They loved the samples, by the way.',
        ],
        ['c Reminder: time sheets before noon.', 'a Yes, yes.', 'b Done since yesterday, for once.'],
        ['b Pizza or soup today?', 'a Soup.', 'c Pizza.', 'b So pizza and soup.'],
      ],
    },
    {
      title: 'Pitch of the quarter',
      talks: [
        [
          'a The brief is in. Three weeks, two routes, one film.',
          'b I take the film.',
          'c I would like to start from the packaging.',
          'a Go. First look on Monday.',
        ],
        [
          'c Route two is in the folder. Be honest.',
          'b The colours are brave. I like them.',
          'a Headline is too long, the rest stays.',
        ],
        [
          'a Rehearsal tomorrow at nine, with a timer.',
          'b Twelve minutes is tight.',
          'c We cut slide six.',
          'a Agreed.',
        ],
        ['a We won it! They called two minutes ago.', 'c 🎉', 'b I will not sleep tonight.'],
      ],
    },
    {
      title: 'Freelancers and dates',
      talks: [
        ['a Is the illustrator free in two weeks?', 'b From the twelfth on.', 'a Please book four days.'],
        ['b The photographer raised her rate by ten percent.', 'a She is worth it. I tell finance.'],
      ],
    },
  ],
  client: [
    [
      'a Hello {first}, the first layouts are ready. Shall we go through them together?',
      'x Yes please! Tuesday afternoon would suit us.',
      'a Tuesday at two, then. I send the link.',
      'x Two of us will join.',
    ],
    [
      'x We have a question about the invoice: is the licence for the pictures included?',
      'a It is, for two years and all channels. You find it in the last line.',
      'x Perfect, that was all.',
    ],
    [
      'x Our board would like a version with a calmer green.',
      'a Understood. We prepare two tones, so that you can compare.',
      'x That would be wonderful.',
      'a Both are in the folder now.',
      'x The second one. Everybody agrees, which never happens.',
    ],
    [
      'a A short note from our side: the texts for the landing page are still missing.',
      'x I know, our product team is late. You get them on Friday.',
      'a Friday works. After that the launch would have to move.',
    ],
    ['x The page is live and it looks great. Thank you all!', 'a The pleasure is ours, {first}.'],
  ],
  support: [
    {
      title: 'Newsletter does not send',
      talk: [
        'x The newsletter of this morning is stuck at "scheduled".',
        'a I look into it right away.',
        'a The sending domain was renewed without its record. It is fixed, the mails are on their way.',
        'x Confirmed, ours just arrived. Thanks!',
      ],
    },
    {
      title: 'Change of a picture on the start page',
      talk: [
        'x We may not use the picture of the workshop any more. Can you take it down today?',
        'a It is down. A neutral one stands there until you send another.',
      ],
    },
    {
      title: 'Access for a new colleague',
      talk: [
        'x Please give our new colleague access to the brand portal.',
        'b The invitation is out. It is valid for a week.',
        'x She is in.',
      ],
    },
    { title: 'Form sends nothing', talk: ['x Nobody gets the messages of our contact form since Monday.'] },
  ],
};

const fieldService: Talks = {
  direct: [
    ...office,
    [
      'a Van three has a warning light again.',
      'b Which one?',
      'a Oil pressure.',
      'b Leave it standing, I send the tow truck. Take van five.',
    ],
    [
      'b Do we still have the 40 mm valve?',
      'a Two in the warehouse, one in van two.',
      'b I take one from the warehouse.',
    ],
  ],
  groups: [
    {
      title: 'Dispatch',
      talks: [
        [
          'b Two emergencies this morning, both north. Who is near?',
          'c I am done at ten and five minutes away.',
          'b You take the first one. I move your noon visit.',
        ],
        [
          'a Frost tonight. Expect calls about heat pumps.',
          'b The on-call plan is full until Sunday.',
          'c Chains are in the vans.',
        ],
        ['c Nobody opens at {account}.', 'b Wait five minutes, the caretaker comes.', 'c He is here.'],
        ['b The protocol of yesterday lacks a signature.', 'c I get it tomorrow, I pass by anyway.'],
        ['a Thank you all for the week. No visit missed!', 'b 💪'],
      ],
    },
    {
      title: 'Warehouse and vans',
      talks: [
        ['c We run out of filters, size G4.', 'b Forty are ordered, they arrive on Wednesday.'],
        ['b Inventory on Saturday, who helps?', 'a Me, from eight.', 'c Me too.'],
        ['c The label printer jams.', 'b Turn the roll over. Yes, really.', 'c It works. Magic.'],
      ],
    },
    {
      title: 'Training and certificates',
      talks: [
        ['a The refrigerant course has two places left in spring.', 'c I need it, mine expires in May.', 'a Booked.'],
        ['b New safety shoes are here.', 'c Size 43?', 'b Waiting on your chair.'],
      ],
    },
  ],
  client: [
    [
      'a Hello {first}, your yearly inspection is due. Would the week after next suit you?',
      'x Wednesday morning is best, before the tenants come.',
      'a Wednesday at seven thirty. The technician calls on the way.',
    ],
    [
      'x The noise on the roof is back.',
      'a We come tomorrow between eight and ten and bring a new bearing.',
      'x Please use the back entrance.',
      'a The bearing is changed, it runs quietly now. The protocol follows by mail.',
      'x Silence at last. Thank you!',
    ],
    [
      'x Can we pay the maintenance quarterly instead of yearly?',
      'a Yes. I send you the change of the contract.',
      'x Signed and sent back.',
    ],
    [
      'a The spare part will take a week longer, the manufacturer says.',
      'x That is a pity. Does it hold until then?',
      'a It does. We look at it every other day, at no cost.',
    ],
    ['x We are very happy with the new unit, also with the electricity bill.', 'a Good to hear, {first}!'],
  ],
  support: [
    {
      title: 'No warm water on the third floor',
      talk: [
        'x No warm water on the third floor since six.',
        'b A technician is with you within the hour.',
        'b It was the mixing valve. Warm water is back.',
        'x Confirmed. That was quick.',
      ],
    },
    {
      title: 'Error E7 on the display',
      talk: [
        'x The display shows E7, what does it mean?',
        'a A blocked filter. Please open the flap at the left and wash it with water.',
        'x It is gone. I did not know we had a filter.',
      ],
    },
    {
      title: 'Key for the plant room',
      talk: [
        'x The lock of the plant room was changed.',
        'b Thank you. Please leave the new key at the reception.',
        'x It is there.',
      ],
    },
    { title: 'Water under the unit', talk: ['x There is a puddle under the unit in the cellar, and it grows.'] },
  ],
};

const software: Talks = {
  direct: [],
  groups: [{ title: 'Notes to myself', talks: [['a Raise the price of the small plan in January.']] }],
  client: [
    [
      'x The export of the report takes minutes since the update.',
      'a Found it: one index was missing. It is back to seconds.',
      'x Confirmed!',
    ],
    ['a Hello {first}, the trial ends on Friday. Shall I keep your data?', 'x Yes, we want to stay.'],
  ],
  support: [
    {
      title: 'Log-in does not work',
      talk: ['x I get no mail to set my password.', 'a It was in quarantine. Please try again.'],
    },
  ],
};

export const talksOf: Readonly<Record<OrgSlug, Talks>> = { acme: agency, globex: fieldService, initech: software };
