using Pasteur.Configuration;
using Pasteur.Keys;

namespace Pasteur;

/// <summary><c>pasteur keygen</c>: makes a seed and shows the public key that belongs to it, or shows that of a seed there is.</summary>
internal static class KeygenCommand
{
    public static int Run(Invocation.Keygen request, TextWriter output, TextWriter hints)
    {
        var seed = request.Existing ?? SshSeed.Generate(request.Type);
        using var key = SshKey.FromSeed(seed);
        if (request.Existing is null)
        {
            output.WriteLine($"seed: {seed.Reveal()}");
            hints.WriteLine("The seed is the private key: keep it secret, and give it as PASTEUR_SSH_SEED or --ssh-seed.");
            hints.WriteLine("The line that follows is the public key, for the Git server's list of keys:");
        }
        output.WriteLine(key.PublicLine);
        return ExitCodes.Ok;
    }
}
