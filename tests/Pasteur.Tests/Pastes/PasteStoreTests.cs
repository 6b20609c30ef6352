using System.Text;
using Pasteur.Git;
using Pasteur.Pastes;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Pastes;

public sealed class PasteStoreTests : IAsyncLifetime
{
    private static readonly Signature Someone = new("Somebody", "somebody@example.org", DateTimeOffset.FromUnixTimeSeconds(1_700_000_000));

    private Repository _repository = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _repository = await Repository.OpenAsync(new RepositoryOptions(), Token);

    public ValueTask DisposeAsync() => _repository.DisposeAsync();

    [Fact]
    public async Task A_created_paste_is_found_as_it_was_given()
    {
        var store = Open();
        var id = await CreateAsync(store, new NewPaste
        {
            Author = "Ada",
            Comment = "first light",
            Language = "ml",
            Files = [File("store.ml", "let x = \"é\""), File(null, "more"), File("bin", [0, 255])],
        });

        var paste = await store.FindAsync(id, Token);

        Assert.NotNull(paste);
        Assert.Equal(("Ada", "first light", "ocaml"), (paste.Author, paste.Comment, paste.Language));
        Assert.Equal(["store.ml", "paste.ml", "bin"], paste.Files.Select(file => file.Name));
        Assert.Equal("let x = \"é\"", Text(paste.Files[0]));
        Assert.Equal([0, 255], paste.Files[2].Content.ToArray());
        Assert.False(paste.Files[2].IsText);
    }

    [Theory]
    [InlineData(null, null, "anonymous", "Paste ")]
    [InlineData("Ada <ada@example.org>", "first\nlight", "Ada ada@example.org", "first\nlight")]
    [InlineData("<>", " ", "anonymous", "Paste ")]
    public async Task A_paste_is_one_commit_by_its_author(string? author, string? comment, string commitAuthor, string message)
    {
        var store = Open();
        await CreateAsync(store, new NewPaste { Author = author, Comment = comment, Files = [File(null, "x")] });

        var commit = _repository.Current.ReadCommit(Tip());

        Assert.Equal(commitAuthor, commit.Author.Name);
        Assert.Equal("anonymous@pasteur.invalid", commit.Author.Email);
        Assert.StartsWith(message, commit.Message, StringComparison.Ordinal);
        Assert.InRange(commit.Author.When, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddSeconds(1));
    }

    [Fact]
    public async Task The_first_paste_writes_down_the_format()
    {
        var store = Open();
        Assert.False(_repository.Current.TryGetRef("refs/heads/main", out _));

        await CreateAsync(store, new NewPaste { Files = [File(null, "x")] });

        Assert.Equal("{\"format\": 1}\n", Encoding.UTF8.GetString(Read("pasteur.json")!));
    }

    [Theory]
    [InlineData("{\"format\": 2}", "newer")]
    [InlineData("{\"format\": 0}", "format 0")]
    [InlineData("not json", "pasteur.json")]
    public async Task A_repository_of_another_format_is_refused_at_start(string content, string says)
    {
        await CommitAsync(("pasteur.json", content));

        var refusal = Assert.Throws<UnknownFormatException>(Open);

        Assert.Contains(says, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_paste_that_changes_in_the_repository_changes_here()
    {
        var store = Open();
        var id = await CreateAsync(store, new NewPaste { Files = [File("a.txt", "old")] });
        var old = await store.FindAsync(id, Token);
        Assert.True(store.IsCurrent(old!));

        await CommitAsync(($"{Folder(id)}/a.txt", "new"));

        Assert.False(store.IsCurrent(old!));
        Assert.Equal("new", Text((await store.FindAsync(id, Token))!.Files[0]));
    }

    [Fact]
    public async Task A_paste_that_did_not_change_is_not_read_again()
    {
        var store = Open();
        var id = await CreateAsync(store, new NewPaste { Files = [File("a.txt", "same")] });
        var before = await store.FindAsync(id, Token);

        await CreateAsync(store, new NewPaste { Files = [File("b.txt", "other")] });

        Assert.Same(before, await store.FindAsync(id, Token));
        Assert.True(store.IsCurrent(before!));
    }

    [Fact]
    public async Task A_paste_removed_from_the_repository_is_gone()
    {
        var store = Open();
        var id = await CreateAsync(store, new NewPaste { Files = [File("a.txt", "x")] });
        var paste = await store.FindAsync(id, Token);

        await CommitAsync(($"{Folder(id)}/a.txt", null), ($"{Folder(id)}/paste.json", null));

        Assert.Null(await store.FindAsync(id, Token));
        Assert.False(store.IsCurrent(paste!));
    }

    [Fact]
    public async Task A_folder_put_there_by_hand_is_a_paste()
    {
        await CommitAsync(("a/b/c/abcdef/notes.md", "# hello"), ("a/b/c/abcdef/b.txt", "b"));

        var paste = await Open().FindAsync("abcdef", Token);

        Assert.Equal(["b.txt", "notes.md"], paste!.Files.Select(file => file.Name));
        Assert.Null(paste.Created);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{\"format\":1,\"files\":[{\"name\":\"x\",\"stored\":\"../../../../pasteur.json\"}]}")]
    [InlineData("{\"format\":1,\"files\":[{\"name\":\"x\",\"stored\":\"absent\"},null,{}]}")]
    [InlineData("{\"format\":1,\"files\":null,\"language\":\"no such\"}")]
    public async Task A_paste_json_that_lies_hides_nothing_and_reaches_nothing(string json)
    {
        await CommitAsync(("pasteur.json", "{\"format\": 1}"), ("a/b/c/abcdef/a.txt", "text"), ("a/b/c/abcdef/paste.json", json));

        var paste = await Open().FindAsync("abcdef", Token);

        var file = Assert.Single(paste!.Files);
        Assert.Equal(("a.txt", "text"), (file.Name, Text(file)));
    }

    [Fact]
    public async Task Names_from_a_commit_are_cleaned_as_names_from_a_form_are()
    {
        var json = "{\"format\":1,\"author\":\"A\\u202Eda\\u0000\",\"files\":[{\"name\":\"../x\\u001b.txt\",\"stored\":\"a.txt\"},{\"name\":\"x.txt\",\"stored\":\"b.txt\"}]}";
        await CommitAsync(("a/b/c/abcdef/a.txt", "1"), ("a/b/c/abcdef/b.txt", "2"), ("a/b/c/abcdef/paste.json", json));

        var paste = await Open().FindAsync("abcdef", Token);

        Assert.Equal("Ada", paste!.Author);
        Assert.Equal(["x.txt", "x-2.txt"], paste.Files.Select(file => file.Name));
    }

    [Theory]
    [InlineData("{\"contents\": \"let x = 1\", \"encrypted\": false}", false)]
    [InlineData("{\"contents\":\"48656c6c6f\",\"encrypted\":true}", true)]
    public async Task Root_files_of_the_OCaml_Pasteur_are_pastes(string json, bool isCiphertext)
    {
        await CommitAsync(("aZ3", json));

        var paste = await Open().FindAsync("aZ3", Token);

        Assert.Equal(isCiphertext, paste!.IsLegacyCiphertext);
        Assert.Equal(isCiphertext ? "48656c6c6f" : "let x = 1", Text(Assert.Single(paste.Files)));
    }

    [Theory]
    [InlineData("README", "Hello")]
    [InlineData("abc", "{\"contents\": 5}")]
    [InlineData("abc", "{}")]
    [InlineData("abc", "[\"contents\"]")]
    public async Task Other_root_files_are_no_pastes(string name, string content)
    {
        await CommitAsync((name, content), ("pasteur.json", "{\"format\": 1}"));
        var store = Open();

        Assert.Null(await store.FindAsync(name, Token));
        Assert.Null(await store.FindAsync("pasteur.json", Token));
        Assert.Null(await store.FindAsync("a", Token));
    }

    [Fact]
    public async Task An_unknown_id_asks_the_remote_once_and_looks_again()
    {
        var asked = 0;
        var store = Open(options => options with
        {
            Refresh = async _ =>
            {
                asked++;
                await CommitAsync(("a/b/c/abcdef/a.txt", "from the remote"));
            },
        });

        var paste = await store.FindAsync("abcdef", Token);

        Assert.Equal("from the remote", Text(paste!.Files[0]));
        Assert.Equal(1, asked);
    }

    [Theory]
    [InlineData("..")]
    [InlineData("raw%")]
    [InlineData("a/b/c/abcdef")]
    [InlineData("refs/heads/main")]
    [InlineData("HEAD~1:x")]
    [InlineData("--upload-pack=touch")]
    public async Task What_cannot_be_an_id_never_asks_the_remote(string code)
    {
        var store = Open(options => options with { Refresh = _ => throw new InvalidOperationException("asked") });

        Assert.Null(await store.FindAsync(code, Token));
    }

    [Fact]
    public async Task A_known_id_never_asks_the_remote()
    {
        var store = Open(options => options with { Refresh = _ => throw new InvalidOperationException("asked") });
        var id = await CreateAsync(store, new NewPaste { Files = [File(null, "x")] });

        Assert.NotNull(await store.FindAsync(id, Token));
    }

    [Fact]
    public async Task With_ack_remote_the_answer_waits_for_the_remote()
    {
        var answer = new TaskCompletionSource<string?>();
        var store = Open(options => options with { AwaitRemote = async (_, _) => await answer.Task });
        var creating = store.CreateAsync(new NewPaste { Files = [File(null, "x")] }, Token).AsTask();
        await Task.Delay(50, Token);
        Assert.False(creating.IsCompleted);

        answer.SetResult(null);

        Assert.IsType<CreateOutcome.Created>(await creating);
    }

    [Fact]
    public async Task Without_the_remotes_answer_the_outcome_is_undecided()
    {
        var store = Open(options => options with { AwaitRemote = (_, _) => ValueTask.FromResult<string?>("no answer in 10 s") });

        var outcome = await store.CreateAsync(new NewPaste { Files = [File(null, "x")] }, Token);

        Assert.Equal("no answer in 10 s", Assert.IsType<CreateOutcome.Undecided>(outcome).Reason);
    }

    [Fact]
    public async Task Content_is_read_before_the_call_returns_so_that_its_buffer_can_be_reused()
    {
        var store = Open();
        var buffer = "precious"u8.ToArray();
        var creating = store.CreateAsync(new NewPaste { Files = [new NewFile("a.txt", buffer)] }, Token);
        Array.Clear(buffer);

        var created = Assert.IsType<CreateOutcome.Created>(await creating);

        Assert.Equal("precious", Text((await store.FindAsync(created.Id.ToString(), Token))!.Files[0]));
    }

    [Fact]
    public async Task Ids_grow_when_a_thousandth_of_their_space_is_used()
    {
        var store = Open(options => options with { IdLength = 3 });
        var lengths = new List<int>();
        for (var i = 0; i < 40; i++) lengths.Add((await CreateAsync(store, new NewPaste { Files = [File(null, $"{i}")] })).Length);

        // 32^3 / 1000 = 32.8
        Assert.Equal(Enumerable.Repeat(3, 33).Concat(Enumerable.Repeat(4, 7)), lengths);
    }

    [Fact]
    public async Task Ids_that_others_used_count_too()
    {
        await CommitAsync([.. Enumerable.Range(0, 40).Select(i => ($"a/b/{PasteId.Alphabet[i % 32]}/{"ab" + PasteId.Alphabet[i % 32]}{(i < 32 ? "" : "0")}/a.txt", (string?)"x"))]);
        var store = Open(options => options with { IdLength = 3 });
        var first = await CreateAsync(store, new NewPaste { Files = [File(null, "1")] });
        Assert.Equal(3, first.Length);

        await CommitAsync(("x/y/z/xyz/a.txt", "x"));
        var reopened = Open(options => options with { IdLength = 3 });

        Assert.Equal(4, (await CreateAsync(reopened, new NewPaste { Files = [File(null, "2")] })).Length);
    }

    [Fact]
    public async Task Short_ids_never_take_a_code_of_the_OCaml_Pasteur()
    {
        // Every id of three characters but one is taken by a root file; draws go on until they hit that one, or give up honestly.
        var taken = from a in PasteId.Alphabet from b in "0" from c in PasteId.Alphabet select $"{a}{b}{c}";
        await CommitAsync([.. taken.Select(code => (code, (string?)"{\"contents\":\"old\",\"encrypted\":false}"))]);
        var store = Open(options => options with { IdLength = 3 });

        for (var i = 0; i < 30; i++)
        {
            var id = await CreateAsync(store, new NewPaste { Files = [File(null, "new")] });
            Assert.NotEqual('0', id.Length == 3 ? id[1] : ' ');
        }

        Assert.Equal("old", Text((await store.FindAsync("z0z", Token))!.Files[0]));
    }

    [Fact]
    public async Task Hostile_names_make_a_repository_that_stock_git_checks_out_byte_for_byte()
    {
        using var folder = new TemporaryFolder();
        string id;
        string[] names = [".git", "..", "CON", "paste.json", "a/b", "é.txt", "e\u0301.txt", "A.txt", "a.TXT", ".gitattributes", "x\ny", "-rf"];
        await using (var repository = await Repository.OpenAsync(new RepositoryOptions { Folder = folder["r"] }, Token))
        {
            var store = PasteStore.Open(repository, new PasteStoreOptions { Branch = "main", IdLength = 10 });
            id = await CreateAsync(store, new NewPaste { Files = [.. names.Select(name => File(name, $"bytes of {name}\r\n"))] });
            Assert.Equal(names.Length, (await store.FindAsync(id, Token))!.Files.Count);
        }

        Assert.DoesNotContain(StockGit.Run(folder["r"], "fsck", "--strict").Split('\n'), line => line.Length > 0 && !line.StartsWith("dangling tag", StringComparison.Ordinal));
        StockGit.Run(folder.Path, "clone", "-q", folder["r"], folder["clone"]);
        var checkedOut = Path.Combine(folder["clone"], Folder(id));
        Assert.Equal(names.Length + 1, Directory.GetFiles(checkedOut).Length);
        var texts = Directory.GetFiles(checkedOut).Select(System.IO.File.ReadAllText).Where(text => text.StartsWith("bytes of", StringComparison.Ordinal));
        Assert.Equal(names.Select(name => $"bytes of {name}\r\n").Order(StringComparer.Ordinal), texts.Order(StringComparer.Ordinal));
    }

    private static string Folder(string id) => $"{id[0]}/{id[1]}/{id[2]}/{id}";

    private static NewFile File(string? name, string text) => new(name, Encoding.UTF8.GetBytes(text));

    private static NewFile File(string? name, byte[] bytes) => new(name, bytes);

    private static string Text(PasteFile file) => Encoding.UTF8.GetString(file.Content.Span);

    private static async Task<string> CreateAsync(PasteStore store, NewPaste paste) =>
        Assert.IsType<CreateOutcome.Created>(await store.CreateAsync(paste, Token)).Id.ToString();

    private PasteStore Open() => Open(options => options);

    private PasteStore Open(Func<PasteStoreOptions, PasteStoreOptions> change) =>
        PasteStore.Open(_repository, change(new PasteStoreOptions { Branch = "main", IdLength = 10 }));

    private Pasteur.Git.Objects.ObjectId Tip() => _repository.Current.TryGetRef("refs/heads/main", out var tip) ? tip : default;

    private byte[]? Read(string path) => _repository.Current.Find(Tip(), path) is { } entry ? _repository.Current.ReadBlob(entry.Id) : null;

    /// <summary>A commit by somebody else.</summary>
    private async Task CommitAsync(params (string Path, string? Content)[] files) => Assert.IsType<CommitOutcome.Committed>(await _repository.CommitAsync(
        new CommitRequest
        {
            Branch = "main",
            Author = Someone,
            Message = "by hand",
            Edits = [.. files.Select(file => new TreeEdit(file.Path, file.Content is null ? null : PreparedBlob.Create(Encoding.UTF8.GetBytes(file.Content))))],
        },
        Token));
}
