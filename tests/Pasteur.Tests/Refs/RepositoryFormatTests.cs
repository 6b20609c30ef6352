using Pasteur.Git;
using Pasteur.Git.Refs;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Refs;

public sealed class RepositoryFormatTests
{
    [Fact]
    public void A_repository_that_was_created_is_one_to_stock_git()
    {
        using var folder = new TemporaryFolder();
        var path = folder["new.git"];
        RepositoryFormat.CreateOrCheck(path, "trunk");
        Assert.Equal("true", StockGit.Run(path, "rev-parse", "--is-bare-repository"));
        Assert.Equal("refs/heads/trunk", StockGit.Run(path, "symbolic-ref", "HEAD"));
        Assert.Equal("0", StockGit.Run(path, "config", "gc.auto"));
        StockGit.Run(path, "fsck", "--strict");
        StockGit.Run(folder.Path, "clone", "-q", path, "clone");
        RepositoryFormat.CreateOrCheck(path, "main");
        Assert.Equal("refs/heads/trunk", StockGit.Run(path, "symbolic-ref", "HEAD"));
    }

    [Fact]
    public void Repositories_of_stock_git_bare_or_not_are_taken()
    {
        using var bare = new StockRepository();
        RepositoryFormat.CreateOrCheck(bare.Path, "main");
        using var folder = new TemporaryFolder();
        StockGit.Run(folder.Path, "init", "-q", "-b", "main", "work");
        RepositoryFormat.CreateOrCheck(Path.Combine(folder["work"], ".git"), "main");
    }

    [Fact]
    public void A_repository_named_by_sha256_is_refused_in_clear_words()
    {
        using var repository = new StockRepository("--object-format=sha256");
        Assert.Contains("sha256", Refusal(repository.Path), StringComparison.Ordinal);
    }

    [Fact]
    public void A_repository_that_borrows_objects_is_refused_in_clear_words()
    {
        using var lender = new StockRepository();
        lender.FillWithHistory(1);
        using var folder = new TemporaryFolder();
        StockGit.Run(folder.Path, "clone", "-q", "--bare", "--shared", lender.Path, "borrower.git");
        Assert.Contains("objects/info/alternates", Refusal(folder["borrower.git"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[core]\n\trepositoryformatversion = 2\n", "version 2")]
    [InlineData("[core]\n\trepositoryFormatVersion = 1\n[extensions]\n\trefStorage = reftable\n", "refStorage")]
    [InlineData("[extensions]\n\tpartialClone = origin\n", "partialClone")]
    [InlineData("[extensions]\n\tobjectFormat = SHA256\n", "SHA256")]
    public void Formats_and_extensions_that_are_not_known_are_refused(string config, string expected)
    {
        using var repository = new StockRepository();
        File.WriteAllText(Path.Combine(repository.Path, "config"), config);
        Assert.Contains(expected, Refusal(repository.Path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[core]\n\trepositoryformatversion = 1\n[extensions]\n\tobjectformat = sha1\n\tnoop = true\n\tpreciousObjects = true\n")]
    [InlineData("# a comment = with an equals sign\n[remote \"origin\"]\n\turl = https://example.org/?a=b\n")]
    [InlineData("")]
    public void Settings_that_do_no_harm_are_taken(string config)
    {
        using var repository = new StockRepository();
        File.WriteAllText(Path.Combine(repository.Path, "config"), config);
        RepositoryFormat.CreateOrCheck(repository.Path, "main");
    }

    [Fact]
    public void A_folder_with_other_files_in_it_is_refused_and_nothing_is_put_there()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["letter.txt"], "dear");
        Assert.Contains("is not a Git repository", Refusal(folder.Path), StringComparison.Ordinal);
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
    }

    private static string Refusal(string folder)
    {
        var fault = Assert.Throws<GitDataException>(() => RepositoryFormat.CreateOrCheck(folder, "main"));
        Assert.StartsWith(folder, fault.Message, StringComparison.Ordinal);
        return fault.Message;
    }
}
