namespace Pasteur.Git.Protocol;

/// <summary>How we introduce ourselves (gitprotocol-capabilities, "agent"): printable ASCII without a space.</summary>
internal static class ClientName
{
    public static readonly string Agent = $"pasteur/{typeof(ClientName).Assembly.GetName().Version?.ToString(3)}";
}
