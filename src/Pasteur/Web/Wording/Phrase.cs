namespace Pasteur.Web.Wording;

/// <summary>A sentence for people, before it is known in which language they read.</summary>
internal delegate string Phrase(Words words);
