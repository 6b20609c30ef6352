using System.Text;
using Pasteur.Git.History;
using Pasteur.Git.Objects;

namespace Pasteur.Git.Commits;

/// <summary>
/// Our commits, made again one after the other on another tip with the same author, time and message. Blobs keep their ids. What the
/// tip has already makes no commit, so that doing it twice changes nothing.
/// </summary>
internal sealed class Replay(IReadOnlyList<ObjectId> commits, ObjectId onto)
{
    private const int SpillEvery = 256;

    /// <summary>The last commit that was made; at first the tip on which they are made.</summary>
    public ObjectId Tip { get; private set; } = onto;

    /// <summary>So many are done.</summary>
    public int Done { get; private set; }

    public int Left => commits.Count - Done;

    /// <summary>Paths that both sides made or changed differently, or one has changed and the other deleted.</summary>
    public List<string> Conflicts { get; } = [];

    /// <summary>Writer only: makes the next ones.</summary>
    public void Advance(Batch batch, int atMost)
    {
        for (var end = Done + Math.Min(atMost, Left); Done < end; Done++)
        {
            Tip = ReplayOne(batch, commits[Done]);
            if ((Done + 1) % SpillEvery == 0) batch.Spill();
        }
    }

    private ObjectId ReplayOne(Batch batch, ObjectId id)
    {
        var commit = batch.Store.ReadLinks(id);
        var before = commit.Parents.Length > 0 && batch.Store.TryReadLinks(commit.Parents[0], out var parent) ? parent.Tree : ObjectId.EmptyTree;
        var tree = batch.TreeOf(Tip);
        var changed = Apply(batch, new ReplayedTrees(before, commit.Tree, tree), TreeDiff.Files(batch.Store, before, commit.Tree), Conflicts);
        return changed == tree ? Tip : batch.WriteCommit(changed, CommitFormat.Rewrite(batch.Store.Read(id).Bytes.Span, changed, Tip));
    }

    /// <summary>Makes changes of one tree on another: what that becomes.</summary>
    /// <param name="changes">In the order of their paths; what belongs to folders is taken out.</param>
    public static ObjectId Apply(Batch batch, ReplayedTrees trees, List<TreeChange> changes, List<string> conflicts)
    {
        var puts = FolderReplay.Take(batch, trees, changes, conflicts).ToList();
        foreach (var change in changes)
        {
            var isConflict = IsConflict(batch, trees.Onto, change);
            if (isConflict) conflicts.Add(Encoding.UTF8.GetString(change.Path));
            // A removal always goes through: what one side has deleted, no edit of the other brings back.
            if (!isConflict || change.New is null) puts.Add(new TreePut(change.Path, change.New?.Mode ?? TreeMode.File, change.New?.Id));
        }
        puts.Sort(static (left, right) => left.Path.AsSpan().SequenceCompareTo(right.Path));
        return batch.ApplyEdits(trees.Onto, puts);
    }

    // Ours goes where theirs is as it was when ours was made, or is the same already.
    private static bool IsConflict(Batch batch, ObjectId onto, TreeChange change)
    {
        if (!batch.TryFind(onto, change.Path, out var theirs)) return change.Old is not null && change.New is not null;
        return theirs != change.New?.Id && theirs != change.Old?.Id;
    }
}
