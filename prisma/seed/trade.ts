/** What an organization does for a living: the words its demo data are made of. */

/** One thing that a client and an organization talk about, and how such a talk can go. */
export interface Topic {
  readonly subject: string;
  /** Completes "talked about …". */
  readonly about: string;
  readonly positive: string;
  readonly neutral: string;
  readonly negative: string;
}

export interface ServiceOffer {
  readonly name: string;
  readonly description: string;
  readonly unit: 'hour' | 'day' | 'item' | 'month';
  readonly cents: number;
  readonly isActive?: boolean;
}

/** A kind of deal, with the range of its value in whole units of currency. */
export interface Work {
  readonly title: string;
  readonly from: number;
  readonly to: number;
  /** Nothing for a private person. */
  readonly forCompanies?: boolean;
}

export interface Stage {
  readonly name: string;
  readonly probability: number;
  readonly kind: 'open' | 'won' | 'lost';
}

export interface Article {
  readonly title: string;
  readonly body: string;
}

export interface Trade {
  /** Client companies by industry. */
  readonly companies: Readonly<Record<string, readonly string[]>>;
  /** What a private person is to this trade. */
  readonly personIndustry: string;
  readonly tags: readonly string[];
  readonly jobTitles: readonly string[];
  readonly services: readonly ServiceOffer[];
  readonly work: readonly Work[];
  readonly secondPipeline: { readonly name: string; readonly stages: readonly Stage[] };
  readonly lostReasons: readonly string[];
  readonly leadSources: readonly string[];
  readonly leadNotes: readonly string[];
  readonly unqualifiedNotes: readonly string[];
  readonly topics: readonly Topic[];
  readonly nextSteps: readonly string[];
  readonly tasks: readonly string[];
  readonly sites: readonly string[];
  readonly accessNotes: readonly string[];
  readonly templates: readonly { readonly name: string; readonly type: string; readonly sections: readonly string[] }[];
  readonly contractScope: string;
  readonly contractTerms: string;
  /** Documents of one client; `{client}` stands for its name. */
  readonly clientDocuments: readonly Article[];
  /** Documents of the organization itself. */
  readonly ownDocuments: readonly Article[];
  readonly motivations: readonly string[];
  readonly decisionStyles: readonly string[];
  readonly knowledge: readonly { readonly type: string; readonly source: string; readonly text: string }[];
}
