using System.Text;
using Pasteur.Pastes;

namespace Pasteur.Tests.Pastes;

public class PasteJsonTests
{
    private static readonly PasteJson Whole = new()
    {
        Format = 1,
        Created = new DateTimeOffset(2026, 11, 22, 21, 40, 3, TimeSpan.Zero),
        Author = "Ada",
        Comment = "first \"light\", é",
        Language = "ocaml",
        Files = [new PasteJsonFile("store.ml", "store.ml", 312, "text/plain")],
    };

    /// <summary>The file as it lies in repositories: whoever changes this changes the format.</summary>
    [Fact]
    public void The_file_is_written_as_documented() => Assert.Equal(
        """
        {
          "format": 1,
          "created": "2026-11-22T21:40:03+00:00",
          "author": "Ada",
          "comment": "first \"light\", é",
          "language": "ocaml",
          "files": [
            {
              "name": "store.ml",
              "stored": "store.ml",
              "size": 312,
              "mediaType": "text/plain"
            }
          ],
          "expires": null,
          "envelope": null,
          "ownerTokenHash": null,
          "revisions": 1
        }

        """,
        Encoding.UTF8.GetString(Whole.ToUtf8()));

    [Fact]
    public void What_an_edit_adds_is_written_as_documented()
    {
        var edited = Whole with
        {
            OwnerTokenHash = "00ff",
            Revisions = 2,
            Edited = new DateTimeOffset(2026, 11, 23, 8, 0, 0, TimeSpan.Zero),
            Origin = "7kq2m9x4td",
            Earlier = [new PasteJsonRevision("40743c9739baefd8afa26982b3ecfa0d8799a68b", Whole.Created, "Ada", null)],
        };

        Assert.EndsWith(
            """
              "ownerTokenHash": "00ff",
              "revisions": 2,
              "edited": "2026-11-23T08:00:00+00:00",
              "origin": "7kq2m9x4td",
              "earlier": [
                {
                  "tree": "40743c9739baefd8afa26982b3ecfa0d8799a68b",
                  "made": "2026-11-22T21:40:03+00:00",
                  "author": "Ada",
                  "comment": null
                }
              ]
            }

            """,
            Encoding.UTF8.GetString(edited.ToUtf8()),
            StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_written_is_read()
    {
        var read = PasteJson.Parse(Whole.ToUtf8());

        Assert.NotNull(read);
        Assert.Equal(Whole with { Files = null }, read with { Files = null });
        Assert.Equal(Whole.Files!, read.Files!);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{\"format\":\"one\"}")]
    [InlineData("{\"files\":{}}")]
    [InlineData("{\"created\":\"yesterday\"}")]
    [InlineData("\u0000\u0001")]
    [InlineData("{\"envelope\":[[[[[[[[[[[[1]]]]]]]]]]]]}")]
    public void What_is_no_such_file_is_null(string text) => Assert.Null(PasteJson.Parse(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Members_of_later_versions_are_passed_over() =>
        Assert.Equal("Ada", PasteJson.Parse("{\"format\":1,\"stars\":5,\"author\":\"Ada\"}"u8)?.Author);
}
