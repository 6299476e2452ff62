/** Words that every organization shares: names of people, places, ways to open a note. */

export const firstNames =
  `Amara Anders Anika Antonio Asha Beatriz Benjamin Bianca Caleb Camille Carla Chen Clara Daniel Daria Deepak Diego Dina Edgar
  Elena Elias Emeka Emma Erik Esther Fatima Felix Fiona Frida Gabriel Georgia Giulia Gustav Hana Hannah Hassan Helena Henrik
  Hugo Ibrahim Ida Igor Imani Ingrid Isaac Ivan Jada Jakob Jana Javier Joanna Jonah Josefa Julia Kai Kamal Karim Kira Lars Laura
  Leila Leo Lina Lucas Luisa Magnus Malik Mara Marco Maria Marta Mateo Maya Mei Mira Mohammed Nadia Naomi Nikhil Nina Noah Nora
  Olga Omar Oscar Paula Pedro Petra Priscilla Rafael Rania Rebecca Ricardo Rosa Ruben Ruth Samir Sana Sara Sebastian Selma Sofia
  Stefan Sunita Tamar Tariq Teresa Theo Tomas Vera Viktor Wanda William Yara Yusuf Zara Zoe`.split(/\s+/);

export const lastNames =
  `Abadi Achebe Adams Aguilar Ahmed Almeida Andersen Baker Barros Bauer Becker Bergman Bianchi Boateng Brandt Bruun Burke Campbell
  Cardoso Castro Chandra Clarke Costa Cruz Dahl Delgado Diallo Dixon Dubois Dvorak Eriksen Esposito Falk Farah Ferrari Fischer
  Fleming Fonseca Fraser Garcia Gupta Haddad Hansen Harris Hayashi Hoffmann Holm Hughes Iyer Jansen Johansson Kapoor Kaya Kim
  Kowalski Kruger Larsen Laurent Lehmann Lopez Lund Maier Marino Mbeki Mehta Meyer Moreau Morgan Mwangi Nakamura Navarro Nguyen
  Nielsen Novak Nowak Oduya Okonkwo Olsen Ortega Osei Park Patel Pereira Petrov Quinn Ramos Rao Reid Ricci Rossi Ruiz Sato
  Schneider Shah Silva Singh Sokolov Stein Suzuki Svensson Tran Vargas Vasquez Wagner Walsh Weiss Wright Yamada Yilmaz Zhang`.split(
    /\s+/,
  );

/** Streets where the number comes first. */
export const streets = [
  'Alder Street',
  'Bridge Road',
  'Canal Street',
  'Cedar Avenue',
  'Chapel Lane',
  'Foundry Row',
  'Garden Street',
  'Harbor Road',
  'King Street',
  'Linden Avenue',
  'Market Square',
  'Mill Lane',
  'Orchard Way',
  'Park Avenue',
  'Quarry Road',
  'Station Road',
  'Union Street',
  'Victoria Place',
  'Water Street',
  'Willow Drive',
];

/** Streets where the number comes last. */
export const germanStreets = [
  'Ahornstraße',
  'Am Alten Markt',
  'Bahnhofstraße',
  'Brückenstraße',
  'Dorfstraße',
  'Gartenweg',
  'Hafenstraße',
  'Karl-Liebknecht-Straße',
  'Kirchgasse',
  'Lindenallee',
  'Mühlenweg',
  'Parkstraße',
  'Rosenweg',
  'Schillerstraße',
  'Uferpromenade',
  'Waldstraße',
];

export interface City {
  readonly city: string;
  readonly region: string;
  readonly country: string;
  readonly postalCode: string;
  readonly latitude: number;
  readonly longitude: number;
}

const city = (
  [city, region, country, postalCode]: readonly [string, string, string, string],
  latitude: number,
  longitude: number,
): City => ({ city, region, country, postalCode, latitude, longitude });

export const americanCities: readonly City[] = [
  city(['Boston', 'MA', 'US', '02110'], 42.3563, -71.0525),
  city(['Brooklyn', 'NY', 'US', '11201'], 40.6943, -73.9902),
  city(['Hartford', 'CT', 'US', '06103'], 41.7668, -72.6747),
  city(['New York', 'NY', 'US', '10013'], 40.7206, -74.0047),
  city(['Philadelphia', 'PA', 'US', '19106'], 39.9474, -75.1473),
  city(['Portland', 'ME', 'US', '04101'], 43.6591, -70.2568),
  city(['Providence', 'RI', 'US', '02903'], 41.8206, -71.4128),
];

export const germanCities: readonly City[] = [
  city(['Berlin', 'Berlin', 'DE', '10179'], 52.5121, 13.4163),
  city(['Dresden', 'Sachsen', 'DE', '01067'], 51.0572, 13.7181),
  city(['Frankfurt (Oder)', 'Brandenburg', 'DE', '15230'], 52.3412, 14.5498),
  city(['Halle', 'Sachsen-Anhalt', 'DE', '06108'], 51.4858, 11.9667),
  city(['Leipzig', 'Sachsen', 'DE', '04109'], 51.3398, 12.3712),
  city(['Magdeburg', 'Sachsen-Anhalt', 'DE', '39104'], 52.1252, 11.6369),
  city(['Potsdam', 'Brandenburg', 'DE', '14467'], 52.4001, 13.0591),
];

export const texanCities: readonly City[] = [
  city(['Austin', 'TX', 'US', '78701'], 30.2713, -97.7426),
  city(['Dallas', 'TX', 'US', '75201'], 32.7876, -96.7994),
];

/** How a note begins; `{first}` is the contact's first name, `{about}` what it was about. */
export const openings = {
  call: [
    'Called {first} about {about}.',
    '{first} rang back about {about}.',
    'Short call with {first} on {about}.',
    'Long overdue call with {first}; most of it was {about}.',
  ],
  email: [
    '{first} wrote about {about}.',
    'Answered {first}, who had asked about {about}.',
    'Sent {first} a summary on {about}.',
    'Mail from {first}, with two colleagues in copy, about {about}.',
  ],
  meeting: [
    'Met {first} at their office to go through {about}.',
    'Video meeting with {first} and the team about {about}.',
    'Monthly review with {first}; the main point was {about}.',
    '{first} came by for an hour to talk about {about}.',
  ],
  message: [
    '{first} in the shared channel, on {about}:',
    'Message from {first} about {about}.',
    'Text from {first}: {about}.',
  ],
  note: ['For the file, on {about}.', 'Note for whoever picks this up, about {about}.', 'Internal, on {about}.'],
} as const;
