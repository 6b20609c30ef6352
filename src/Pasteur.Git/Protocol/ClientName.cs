namespace Pasteur.Git.Protocol;

/// <summary>How we introduce ourselves (gitprotocol-capabilities, "agent"): printable ASCII without a space.</summary>
public static class ClientName
{
    public static string Agent { get; } = $"pasteur/{typeof(ClientName).Assembly.GetName().Version?.ToString(3)}";
}
