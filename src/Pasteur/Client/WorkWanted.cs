using System.Globalization;
using System.Net;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Pasteur.Configuration;

namespace Pasteur.Client;

/// <summary>
/// The work that a site asks for before a paste: a number such that the SHA-256 of the challenge, a dot and the number begins with so many zero
/// bits.
/// </summary>
internal sealed record WorkWanted(string Challenge, int Bits)
{
    public const string Header = "X-Challenge";

    private const int MostChallengeLength = 256;
    private const string BeforeBits = "; bits=";

    /// <summary>Asks for it and does it; null when the site wants none, or does not know of it.</summary>
    public static async Task<string?> AskAsync(Uri server, SiteClient site, Patience patience)
    {
        using var ask = new HttpRequestMessage(HttpMethod.Get, new Uri(server, "api/v1/challenge"));
        using var answer = await site.SendAsync(ask);
        return Read(answer)?.Solve(patience);
    }

    /// <summary>What a refusal asks for; null when it is about something else.</summary>
    public static WorkWanted? In(HttpResponseMessage answer) => answer.StatusCode == HttpStatusCode.PreconditionRequired ? Read(answer) : null;

    /// <exception cref="ClientFailedException">It is more than any site has a reason to ask for.</exception>
    public string Solve(Patience patience)
    {
        if (Bits > Limits.MostWorkBitsOfClient) throw new ClientFailedException(ExitCodes.Protocol, $"the site asks for work of {Bits} bits before a paste; {Limits.MostWorkBitsOfClient} is the most that is done");
        Span<byte> text = stackalloc byte[MostChallengeLength + 1 + 20], digest = stackalloc byte[SHA256.HashSizeInBytes];
        var start = Encoding.ASCII.GetBytes(Challenge + ".", text);
        for (long number = 0; ; number++)
        {
            number.TryFormat(text[start..], out var digits, provider: CultureInfo.InvariantCulture);
            SHA256.HashData(text[..(start + digits)], digest);
            if (BitOperations.LeadingZeroCount(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(digest)) >= Bits) return $"{Challenge}.{number}";
            patience.Token.ThrowIfCancellationRequested();
        }
    }

    private static WorkWanted? Read(HttpResponseMessage answer)
    {
        if (!answer.Headers.TryGetValues(Header, out var values)) return null;
        var text = values.First();
        var at = text.IndexOf(BeforeBits, StringComparison.Ordinal);
        return at >= 0 && int.TryParse(text.AsSpan(at + BeforeBits.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var bits) ? Checked(text[..at], bits) : null;
    }

    // It goes into a header of ours.
    private static WorkWanted? Checked(string challenge, int bits) =>
        challenge.Length is > 0 and <= MostChallengeLength && challenge.All(c => c is > ' ' and < '\x7f') && bits > 0 ? new WorkWanted(challenge, bits) : null;
}
