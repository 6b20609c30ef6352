using System.Text;
using Pasteur.Git.History;
using Pasteur.Git.Objects;
using Pasteur.Git.Refs;

namespace Pasteur.Git.Commits;

/// <summary>
/// Makes the commit that merges an inbox into a branch, beside both: nothing moves but <see cref="WorkRef.Merging"/>, by which the owner's gc knows of it. In
/// slices, between which the writer does what others want of it.
/// </summary>
/// <param name="onto">The branch's commit, the first parent.</param>
/// <param name="inbox">The second.</param>
internal sealed class SlicedMerge(ObjectStore store, CommitWriter writer, ObjectId onto, ObjectId inbox)
{
    /// <summary>Some milliseconds of the writer's time.</summary>
    private const int FilesASlice = 256;

    private readonly List<string> _conflicts = [];

    /// <summary>As far as the remote has the inbox.</summary>
    public ObjectId? Seen { get; init; }

    /// <inheritdoc cref="RepositoryOptions.FaultPoint"/>
    public Action<string>? Reached { get; init; }

    /// <summary>Where folders of the branch are brought from, when they are not here.</summary>
    public Part? Part { get; init; }

    private ObjectId[] Parents => [onto, inbox];

    /// <returns>Null when the store takes no writes.</returns>
    public async Task<MergedInbox?> RunAsync(Signature author, string message, CancellationToken cancellationToken)
    {
        var (from, to) = (store.TreeOf(onto), store.TreeOf(inbox));
        var files = await Task.Run(() => TreeDiff.Files(store, ObjectId.EmptyTree, to), cancellationToken).ConfigureAwait(false);
        var words = CommitFormat.Write(from, null, author, message);
        var slice = new MergeSlice(this, new ReplayedTrees(ObjectId.EmptyTree, to, from), words);
        for (var done = 0; done == 0 || done < files.Count; done += FilesASlice)
        {
            slice = new MergeSlice(this, slice.Trees, words) { Files = files.GetRange(done, Math.Min(FilesASlice, files.Count - done)) };
            if (Part is { } part && await part.BringAsync(onto, FoldersOf(slice.Files), cancellationToken).ConfigureAwait(false) is { } reason) throw new MissingObjectException(onto, reason);
            if (!writer.TryAdd(slice, urgent: true) || !await slice.Completion.WaitAsync(cancellationToken).ConfigureAwait(false)) return null;
        }
        Reached?.Invoke("merge.made");
        return new MergedInbox(slice.Commit, PushPlan.CreateMerge(store, slice.Commit, onto, Seen), _conflicts);
    }

    private static HashSet<string> FoldersOf(List<TreeChange> files)
    {
        var folders = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in files) folders.Add(Encoding.UTF8.GetString(file.Path.AsSpan(0, Math.Max(0, file.Path.AsSpan().LastIndexOf((byte)'/')))));
        return folders;
    }

    private sealed class MergeSlice(SlicedMerge merge, ReplayedTrees trees, byte[] words) : WriteOperation<bool>
    {
        public List<TreeChange> Files { get; init; } = [];

        public ReplayedTrees Trees { get; private set; } = trees;

        public ObjectId Commit { get; private set; }

        public override void Apply(Batch batch)
        {
            batch.Spill();
            Trees = Trees with { Onto = Replay.Apply(batch, Trees, Files, merge._conflicts) };
            Commit = batch.WriteCommit(Trees.Onto, CommitFormat.Rewrite(words, Trees.Onto, merge.Parents));
            batch.SetRef(WorkRef.Merging, Commit);
        }

        public override void Complete(long sequence) => Answer(true);

        public override void Fail(string reason) => Answer(false);
    }
}
