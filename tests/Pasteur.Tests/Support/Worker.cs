using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Pasteur.Tests.Support;

/// <summary>Does the work that a site asks for before a paste, by the words of its description and with none of its code.</summary>
internal static class Worker
{
    public static string Solve(string challenge, int bits, long after = -1) => Find(challenge, after + 1, zeros => zeros >= bits);

    /// <summary>A number that is one bit short.</summary>
    public static string MissNarrowly(string challenge, int bits) => Find(challenge, 0, zeros => zeros == bits - 1);

    private static string Find(string challenge, long first, Func<int, bool> isGood)
    {
        for (var number = first; ; number++)
        {
            var proof = string.Create(CultureInfo.InvariantCulture, $"{challenge}.{number}");
            var digest = new BigInteger(SHA256.HashData(Encoding.UTF8.GetBytes(proof)), isUnsigned: true, isBigEndian: true);
            if (isGood(256 - (int)digest.GetBitLength())) return proof;
        }
    }
}
