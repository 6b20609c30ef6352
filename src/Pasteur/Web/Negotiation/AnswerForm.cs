namespace Pasteur.Web.Negotiation;

/// <summary>What a client wants to be told: a page for people, JSON for programs, a line of text for a shell.</summary>
internal enum AnswerForm
{
    Text,
    Json,
    Page,
}
