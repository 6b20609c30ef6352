namespace Pasteur.Dns.Signing;

/// <param name="Mac">Its response's signature covers it too.</param>
internal sealed record SignedRequest(byte[] Bytes, byte[] Mac);
