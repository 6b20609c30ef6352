namespace Pasteur.Git.Protocol;

internal enum ConversationFault
{
    /// <summary>The peer ended the conversation in words of its own: an ERR packet or side-band 3.</summary>
    Refused,

    /// <summary>The connection ended or failed.</summary>
    Lost,

    /// <summary>The peer was silent, or slow, for longer than it may be.</summary>
    Stalled,

    /// <summary>The peer said something the protocol does not allow, or more of it than we accept.</summary>
    Violation,

    /// <summary>The pack is larger than we take at once.</summary>
    TooLarge,
}

/// <summary>
/// The conversation with a remote is over. An <see cref="IOException"/>, since it also surfaces through the streams that
/// are handed to readers of a fetched pack and writers of a pushed one.
/// </summary>
internal sealed class ConversationException(ConversationFault fault, string message, Exception? inner = null) : IOException(message, inner)
{
    public ConversationFault Fault { get; } = fault;

    public static ConversationException Violation(string message) => new(ConversationFault.Violation, message);

    public static ConversationException Refused(string words) => new(ConversationFault.Refused, words);
}
