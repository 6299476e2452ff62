/** What a field-service company writes down: documents for its clients and for itself, and what it has learnt. */
import type { Article, Trade } from '../trade.ts';

export const fieldServiceClientDocuments: readonly Article[] = [
  {
    title: '{client}: list of installations',
    body: 'Installations at {client}: two gas boilers from 2009 with 120 kilowatts each, one domestic hot water tank of 800 litres, ventilation with heat recovery, fire alarm panel with 64 detectors, one passenger lift. Nameplates were photographed and serial numbers checked against the manufacturer. The second boiler has no spare parts on the market any more. Shut-off valves are marked in red on the plan.',
  },
  {
    title: '{client}: maintenance protocol',
    body: 'Yearly maintenance at {client}. Burner cleaned, electrode gap set, expansion vessel at 1.5 bar, safety valve opened by hand and closed tight. Emission values are below the limit. Found: the circulation pump runs at full speed all night, insulation is missing on four metres of pipe. Recommendation: new pump with pressure control; it pays back in under two years.',
  },
  {
    title: '{client}: site survey for a heat pump',
    body: 'The building of {client} needs 38 kilowatts at minus twelve degrees. Radiators on the ground floor are large enough for 50 degrees of flow temperature, six on the top floor must be exchanged. The outdoor unit fits behind the bicycle stand, nine metres from the next bedroom window. The fuse box has one free place; the grid operator must be asked. Subsidy: forty percent if ordered this year.',
  },
  {
    title: '{client}: emergency plan',
    body: 'In case of fire alarm at {client}: the panel is behind the main entrance on the left, key number four. In case of water damage: main valve in the second basement, then call dispatch. In case of a stuck lift: calm the person through the intercom, do not open the doors, technician arrives within the hour. Contacts for nights and weekends are listed by name and renewed every January.',
  },
  {
    title: '{client}: energy report',
    body: 'Consumption of {client} fell by eleven percent against last year, adjusted for weather. Half of it comes from the night setback, a third from the new pump. The ventilation still runs during weekends although nobody is in the building. Hot water is stored at 62 degrees, which must stay because of legionella. Next measure by return on money: timer for the ventilation, 400 euros.',
  },
  {
    title: '{client}: risk assessment for roof work',
    body: 'Work on the roof of {client} needs two people, a harness and the anchor points on the north side. No work at wind above force six, ice or thunderstorm. Skylights do not carry weight and are fenced off with tape. Tools are secured by a line. The caretaker is told before and after. The ladder is inspected each year, last in spring, without findings.',
  },
];

export const fieldServiceOwnDocuments: readonly Article[] = [
  {
    title: 'Dispatch rules',
    body: 'Priority one is danger to people: gas smell, stuck lift, fire alarm. Priority two is damage to goods or buildings. Priority three is comfort. Within a priority the shorter journey wins. A technician gets at most six visits a day and one hour of lunch. Whoever promises a time window of two hours calls when it cannot be kept, before it ends.',
  },
  {
    title: 'Work sheet: what must be on it',
    body: 'Every visit ends with a signed work sheet: arrival and departure, installation by number, what was found, what was done, parts with article number, photographs before and after. Measured values carry a unit. When nobody can sign, the reason is written down and the sheet is sent on the same day. An invoice without a work sheet is not written.',
  },
  {
    title: 'Handling refrigerants',
    body: 'Only certified technicians open a refrigeration circuit. The amount taken out and filled in is weighed and entered into the log of the installation. Leak tests are due once, twice or four times a year, depending on the charge. Bottles are stored upright, outside, behind a grid. A leak above the limit is reported to the customer in writing on the same day.',
  },
  {
    title: 'Stock in the vans',
    body: 'A van carries what solves eight of ten faults on the first visit: electrodes, sensors, pumps up to 25 watts, door contacts, detectors, filters, fuses. The list is reviewed every quarter against the faults that needed a second visit. Parts above 200 euros stay in the warehouse. The stock is counted on the last Friday of the month, by somebody else than the driver.',
  },
  {
    title: 'On-call duty',
    body: 'On-call duty lasts from Friday noon to Friday noon. The phone is answered within five minutes. Help by phone comes first: half of the calls need no journey. After a night with more than four hours of work the next day is free. Surcharges are told to the caller before the van leaves, and written on the sheet.',
  },
  {
    title: 'Complaints about invoices',
    body: 'Compare the invoice with the work sheet and the position data of the van. If arrival was later than promised, the surcharge is cancelled without a discussion. If the hours are right, explain them with the sheet in hand. Credits up to 300 euros are granted by dispatch, above by the managing director. The customer gets an answer within two working days.',
  },
  {
    title: 'Heat pump sizing',
    body: 'Size by the calculated heat load, never by the power of the old boiler, which is usually twice too large. Check the flow temperature at minus ten degrees with the real radiators. Below 55 degrees the pump does well. Plan the outdoor unit for sound first and for short pipes second. A buffer tank is the exception, hydraulic balancing the rule.',
  },
  {
    title: 'Training of apprentices',
    body: 'Apprentices drive along for six months, then do inspections alone under supervision of the protocol. Lift, gas and refrigerant work is done by certified people only. Each apprentice has one tutor, and an hour a week that is not planned over. Mistakes are talked about on Monday, without names on the board.',
  },
];

export const fieldServiceKnowledge: Trade['knowledge'] = [
  {
    type: 'positioning',
    source: 'Management',
    text: 'We look after the whole building: heating, cooling, lifts and fire safety from one dispatch desk, with one contract and one invoice.',
  },
  {
    type: 'positioning',
    source: 'Management',
    text: 'Our promise is the eight-hour response. We lose tenders on price and win extensions on reliability.',
  },
  {
    type: 'tone_of_voice',
    source: 'Customer service',
    text: 'Say when somebody comes, who comes and what must be accessible. Technical words are explained once, in brackets.',
  },
  {
    type: 'tone_of_voice',
    source: 'Customer service',
    text: 'We apologise for delays before the customer complains, and never blame the manufacturer in writing.',
  },
  {
    type: 'pricing',
    source: 'Finance',
    text: 'An hour on site costs 89 euros, travel inside the city is included, nights and Sundays carry a surcharge of sixty percent.',
  },
  {
    type: 'pricing',
    source: 'Finance',
    text: 'Customers with a full maintenance plan pay no call-out fee and get ten percent on parts.',
  },
  {
    type: 'process',
    source: 'Dispatch',
    text: 'Every call gets a priority in the first minute. Danger to people comes before damage, damage before comfort.',
  },
  {
    type: 'process',
    source: 'Dispatch',
    text: 'Neighbouring buildings are inspected on the same day. It halves the driving time and customers like it.',
  },
  {
    type: 'process',
    source: 'Workshop',
    text: 'A fault that needs a third visit goes to a senior technician and to the manufacturer at the same time.',
  },
  {
    type: 'case_study',
    source: 'Sales',
    text: 'A hospital cut lift failures from nineteen to three a year after door drives were replaced before they broke.',
  },
  {
    type: 'case_study',
    source: 'Sales',
    text: 'A dairy saved its cold store twice in one summer because the monitoring reported a slow loss of refrigerant.',
  },
  {
    type: 'case_study',
    source: 'Sales',
    text: 'A housing association replaced forty gas boilers by heat pumps in two years; complaints about cold flats fell by half.',
  },
  {
    type: 'lesson',
    source: 'Review',
    text: 'Old phone numbers in the alarm plan are our most expensive mistake. They are now checked with every yearly inspection.',
  },
  {
    type: 'lesson',
    source: 'Review',
    text: 'Outdoor units near bedrooms cause trouble even when the limit is kept. Talk to the neighbour before the installation.',
  },
  {
    type: 'lesson',
    source: 'Review',
    text: 'Missing keys cost us more hours than missing parts. A key safe pays for itself within a month.',
  },
  {
    type: 'faq',
    source: 'Customer service',
    text: 'Does a heat pump work with old radiators? Often yes, when the flow temperature stays below 55 degrees. A survey shows it within an hour.',
  },
  {
    type: 'faq',
    source: 'Customer service',
    text: 'How fast do you come? Within eight hours on working days, within four in an emergency, within one when a person is stuck in a lift.',
  },
  {
    type: 'faq',
    source: 'Customer service',
    text: 'Who may reset the fire alarm? Only the person named in the plan, after the fire brigade has released the building.',
  },
  {
    type: 'policy',
    source: 'Management',
    text: 'Nobody works alone on a roof, in a shaft or on a refrigeration circuit with ammonia.',
  },
  {
    type: 'policy',
    source: 'Management',
    text: 'Customer keys never stay in a van over night. They go back into the safe with a signature.',
  },
];
