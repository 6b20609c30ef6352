namespace Pasteur.Git.Objects;

/// <summary>The order of names in a tree: by bytes, a folder as if its name ended in '/' (git's <c>base_name_compare</c>).</summary>
internal static class TreeOrder
{
    public static int Compare(ReadOnlySpan<byte> left, bool leftIsTree, ReadOnlySpan<byte> right, bool rightIsTree)
    {
        var common = Math.Min(left.Length, right.Length);
        var order = left[..common].SequenceCompareTo(right[..common]);
        return order != 0 ? order : ByteAfter(left, common, leftIsTree) - ByteAfter(right, common, rightIsTree);
    }

    private static int ByteAfter(ReadOnlySpan<byte> name, int position, bool isTree) =>
        position < name.Length ? name[position] : isTree ? '/' : 0;
}
