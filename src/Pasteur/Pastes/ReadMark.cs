using System.Globalization;
using System.Security.Cryptography;
using Pasteur.Configuration;

namespace Pasteur.Pastes;

/// <summary>
/// One time that a paste was opened: when, by which server, and what tells it from any other. Says nothing of who read.
/// <c>2026-11-27T14:05:09Z-7k2m9xq4-3f9c1qz8</c>
/// </summary>
internal static class ReadMark
{
    public static string Draw(string server, DateTimeOffset now) => string.Create(
        CultureInfo.InvariantCulture, $"{now.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}-{server}-{RandomNumberGenerator.GetString(PasteId.Alphabet, Limits.ServerNameLength)}");
}
