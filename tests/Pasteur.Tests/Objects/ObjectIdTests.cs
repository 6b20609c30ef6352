using Pasteur.Git.Objects;

namespace Pasteur.Tests.Objects;

public sealed class ObjectIdTests
{
    [Fact]
    public void Object_id_round_trips_through_hex() =>
        Assert.Equal("4b825dc642cb6eb9a060e54bf8d69288fbee4904", ObjectId.Parse("4b825dc642cb6eb9a060e54bf8d69288fbee4904").ToString());
}
