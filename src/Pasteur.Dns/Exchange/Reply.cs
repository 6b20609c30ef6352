using Pasteur.Dns.Messages;

namespace Pasteur.Dns.Exchange;

/// <summary>What a server made of a request.</summary>
internal abstract record Reply
{
    private Reply()
    {
    }

    internal sealed record Answered(DnsMessage Message) : Reply;

    /// <summary>Nothing came, by UDP or by TCP.</summary>
    internal sealed record Silent(TimeSpan Waited) : Reply;

    /// <summary>Nobody listens there, or there is no way to it.</summary>
    internal sealed record Unreachable(string Reason) : Reply;

    /// <summary>Something answered that is no DNS server, or a broken one.</summary>
    internal sealed record Malformed : Reply;
}
