using Pasteur.Git.Objects;

namespace Pasteur.Git;

/// <summary>
/// Something was to be read that is on the remote alone (<see cref="Part"/>). Who may have to wait for the remote has it brought first; this is thrown where nobody could
/// know beforehand, or where it was dropped again: whoever can wait has it brought, and tries again.
/// </summary>
/// <param name="reason">Why it could not be brought; null: nobody has tried yet.</param>
public sealed class MissingObjectException(ObjectId id, string? reason = null) : Exception(reason ?? $"object {id} is on the remote alone")
{
    public ObjectId Id => id;

    public string? Reason => reason;
}
