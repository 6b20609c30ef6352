using Pasteur.Configuration;
using Pasteur.Envelopes;

namespace Pasteur.Client;

/// <summary>What a person is told of an envelope that does not open (docs/formats/envelope.md).</summary>
internal static class EnvelopeWords
{
    public static ClientFailedException Of(EnvelopeFailure failure, bool hasPassphrase) => new(ExitCodes.WrongData, failure switch
    {
        EnvelopeFailure.None => "this is no encrypted paste; leave out what stands behind # in the link",
        EnvelopeFailure.Newer => "the paste was made by a newer Pasteur: this one cannot open it",
        EnvelopeFailure.Cut => "part of the paste is missing",
        EnvelopeFailure.Key => "the link is not complete: the key behind # is missing or cut; put quotes around the link",
        EnvelopeFailure.Passphrase => "the paste needs a passphrase, and none was given",
        EnvelopeFailure.Sealed => $"wrong key{(hasPassphrase ? " or passphrase" : "")}, or the paste was changed or cut",
        EnvelopeFailure.Content => "the paste was made wrongly: what is inside can't be read",
    });
}
