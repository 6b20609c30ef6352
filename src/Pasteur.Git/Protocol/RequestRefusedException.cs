namespace Pasteur.Git.Protocol;

/// <summary>The server refused a request before its Git service saw any of it: nothing was carried out. Its message can be shown.</summary>
public sealed class RequestRefusedException(string message) : IOException(message);
