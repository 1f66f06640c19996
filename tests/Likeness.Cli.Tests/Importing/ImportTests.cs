using System.Net;
using System.Text;
using System.Text.Json;
using Likeness.Cli.Tests.Serving;
using Likeness.Libravatar.Exchange;

namespace Likeness.Cli.Tests.Importing;

/// <summary>Imports into a running server, and exports out of it.</summary>
[Trait("Category", "Slow")]
public sealed class ImportTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _data = new();
    private readonly TemporaryDirectory _files = new();
    private RunningServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await RunningServer.Start(_data.Path);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _data.Dispose();
        _files.Dispose();
    }

    [Fact]
    public async Task A_folder_is_imported_once_and_what_fails_holds_nothing_up()
    {
        _files.Write("juliet@example.org.png", TestPicture.Waves(80, 1));
        _files.Write("Romeo@Example.org.png", TestPicture.Waves(80, 2));
        _files.Write("broken@example.org.jpg", "no picture");
        _files.Write("stranger@example.net.png", TestPicture.Waves(80, 3));
        _files.Write("0bc83cb571cd1c50ba6f3e8a78ef1346.png", TestPicture.Waves(80, 4));
        _files.Write("notes.txt", "hello");
        _files.Write(".hidden", "");

        var first = await Run("import", _files.Path);

        first.Code.ShouldBe(ExitCode.Failed);
        first.Output.Trim().ShouldBe("2 pictures set, 0 addresses added, 0 unchanged, 4 refused.");
        first.ErrorLines.Select(line => line.Split(':')[0]).ShouldBe(
            ["0bc83cb571cd1c50ba6f3e8a78ef1346.png", "broken@example.org.jpg", "notes.txt", "stranger@example.net.png"]);
        first.ErrorLines.First().ShouldContain("the address cannot be known");
        (await Status("juliet@example.org")).ShouldBe(HttpStatusCode.OK);
        (await Status("romeo@example.org")).ShouldBe(HttpStatusCode.OK);
        (await Status("stranger@example.net")).ShouldBe(HttpStatusCode.NotFound);

        (await Run("import", _files.Path)).Output.ShouldContain("0 pictures set, 0 addresses added, 2 unchanged");
        (await Run("log", "--address", "juliet@example.org")).Output.ShouldContain("import  juliet@example.org  juliet@example.org.png");
    }

    [Theory]
    [InlineData("--dry-run")]
    [InlineData("--again")]
    public async Task A_program_reads_what_became_of_each_file(string flag)
    {
        _files.Write("juliet@example.org.png", TestPicture.Waves(80, 1));
        _files.Write("romeo@example.org.png", TestPicture.Waves(80, 2));
        _files.Write("notes.txt", "hello");

        var ran = await Run("import", _files.Path, "--json", flag);

        ran.Code.ShouldBe(ExitCode.Failed);
        ran.Error.ShouldBeEmpty();
        var rows = ran.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<Dictionary<string, string>>(line)!).OrderBy(row => row["source"], StringComparer.Ordinal).ToList();
        rows.Select(row => $"{row["action"]} {row["source"]} {row.GetValueOrDefault("address")}").ShouldBe(
            ["set juliet@example.org.png juliet@example.org", "refused notes.txt ", "set romeo@example.org.png romeo@example.org"]);
        rows[1]["reason"].ShouldNotBeEmpty();
        (await Status("juliet@example.org")).ShouldBe(flag == "--dry-run" ? HttpStatusCode.NotFound : HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_picture_the_person_chose_since_stays_until_the_file_changes()
    {
        _files.Write("juliet@example.org.png", TestPicture.Waves(80, 1));
        await Done("user", "add", "juliet@example.org", "--password", "secret");
        await Done("import", _files.Path);
        await using var juliet = await ChatClient.LogIn(_server, "juliet@example.org");
        var chosen = TestPicture.Waves(64, 9);
        await juliet.SetPhoto(chosen);

        await Done("import", _files.Path);
        (await juliet.Photo()).ShouldBe(chosen);

        _files.Write("juliet@example.org.png", TestPicture.Waves(80, 2));
        (await Done("import", _files.Path)).ShouldContain("1 pictures set");
        (await juliet.Photo()).ShouldNotBe(chosen);
    }

    [Fact]
    public async Task A_dry_run_says_each_decision_and_does_nothing()
    {
        _files.Write("juliet@example.org.png", TestPicture.Waves(80, 1));

        (await Done("import", _files.Path, "--dry-run")).Split('\n')[..2].ShouldBe(
            ["set        juliet@example.org  juliet@example.org.png", "Would be: 1 pictures set, 0 addresses added, 0 unchanged, 0 refused."]);

        (await Status("juliet@example.org")).ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_dry_run_refuses_every_picture_that_the_import_refuses()
    {
        _files.Write("juliet@example.org.png", "no picture");
        var blocked = _files.Write("romeo@example.org.png", TestPicture.Waves(80, 2));
        _files.Write("nurse@example.org.png", TestPicture.Waves(80, 3));
        await Done("avatar", "block", blocked);

        var dry = await Run("import", _files.Path, "--dry-run");
        var real = await Run("import", _files.Path);

        dry.Code.ShouldBe(ExitCode.Failed);
        dry.Error.ShouldBe(real.Error);
        dry.ErrorLines.Count().ShouldBe(2);
        dry.Output.ShouldContain("Would be: 1 pictures set, 0 addresses added, 0 unchanged, 2 refused.");
    }

    [Fact]
    public async Task A_locked_person_is_left_alone_and_another_domain_passed_over()
    {
        _files.Write("juliet@example.org.png", TestPicture.Waves(80, 1));
        await Done("avatar", "lock", "juliet@example.org");

        (await Run("import", _files.Path)).ErrorLines.ShouldHaveSingleItem().ShouldContain("locked");
        (await Done("import", _files.Path, "--domain", "example.com")).ShouldContain("0 pictures set, 0 addresses added, 0 unchanged, 0 refused");
    }

    [Fact]
    [Trait("Requirement", "L-122")]
    [Trait("Requirement", "L-125")]
    public async Task An_export_of_another_server_brings_addresses_and_photos_and_no_password()
    {
        await Done("user", "add", "juliet@example.org", "--password", "secret");
        var file = _files.Write("her.xml.gz", Foreign());

        var untrusted = await Run("import", file, "--owner", "juliet@example.org");
        untrusted.ErrorLines.Count().ShouldBe(2);
        untrusted.ErrorLines.ShouldAllBe(line => line.Contains("--trust-addresses", StringComparison.Ordinal));

        (await Done("import", file, "--owner", "juliet@example.org", "--trust-addresses")).ShouldContain("0 pictures set, 2 addresses added, 2 unchanged");

        (await Done("address", "list", "juliet@example.org")).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .ShouldBe(["juliet@example.org", "j@capulet.example"]);
        (await Status("j@capulet.example")).ShouldBe(HttpStatusCode.OK);
        (await Status("none@example.org")).ShouldBe(HttpStatusCode.NotFound);
        await using var juliet = await ChatClient.LogIn(_server, "juliet@example.org");
        (await Run("import", file, "--owner", "nobody@example.org")).ErrorLines.ShouldHaveSingleItem().ShouldContain("no account");
    }

    [Fact]
    [Trait("Requirement", "L-126")]
    public async Task What_is_exported_is_imported_again_byte_for_byte()
    {
        await Done("import", _files.Write("her.xml.gz", Foreign()), "--trust-addresses");
        var photo = _files.Write("photo.png", TestPicture.Png(300, 200));
        await Done("avatar", "set", "romeo@example.org", photo);
        await Done("address", "add", "romeo@example.org", "https://romeo.example.org/", "--trust-addresses");
        await Done("export", "--all", "-o", _files.File("out"));

        using var other = new TemporaryDirectory();
        (await LikenessProgram.Run("import", _files.File("out"), "--trust-addresses", "--data", other.Path)).Error.ShouldBeEmpty();
        (await LikenessProgram.Run("export", "--all", "-o", _files.File("again"), "--data", other.Path)).Code.ShouldBe(ExitCode.Done);

        var names = Directory.GetFiles(_files.File("out")).Select(path => Path.GetFileName(path)!).Order().ToList();
        names.ShouldContain("libravatar-export_romeo@example.org.xml.gz");
        foreach (var name in names)
        {
            var (before, after) = (Read(Path.Combine(_files.File("out"), name)), Read(Path.Combine(_files.File("again"), name)));
            after.Emails.ShouldBe(before.Emails);
            after.OpenIds.ShouldBe(before.OpenIds);
            after.Photos.Select(Show).ShouldBe(before.Photos.Select(Show));
        }

        Read(Path.Combine(_files.File("out"), "libravatar-export_romeo@example.org.xml.gz")).OpenIds.ShouldHaveSingleItem().PhotoId.ShouldNotBeNull();
    }

    /// <summary>As other servers write it: a password, wrapped base64, two addresses with one photo, one with none, one for a photo of its own.</summary>
    private static byte[] Foreign() => Encoding.UTF8.GetBytes($"""
        <?xml version="1.0" encoding="UTF-8"?><user xmlns="https://www.libravatar.org/schemas/export/0.2">
        <account username="juliet" password="pbkdf2$sha256$secret"/>
        <emails><email photo_id="4">juliet@example.org</email><email photo_id="4">j@capulet.example</email><email photo_id="None">none@example.org</email></emails>
        <openids><openid photo_id="None">https://juliet.example.net/</openid></openids>
        <photos><photo id="4" encoding="base64" format="png">b'{Convert.ToBase64String(TestPicture.Waves(120, 7))}'</photo></photos></user>
        """);

    private static LibravatarExport Read(string path)
    {
        using var file = File.OpenRead(path);
        return LibravatarExportReader.Read(file);
    }

    private static string Show(ExportedPhoto photo) => $"{photo.Id} {photo.Format} {Convert.ToHexString(photo.Bytes.Span)}";

    private Task<Ran> Run(params string[] arguments) => LikenessProgram.Run([.. arguments, "--data", _data.Path]);

    private async Task<string> Done(params string[] arguments)
    {
        var ran = await Run(arguments);
        ran.Code.ShouldBe(ExitCode.Done, ran.Error);
        return ran.Output;
    }

    private async Task<HttpStatusCode> Status(string address)
    {
        using var response = await _server.Web.GetAsync(_server.Avatar(address, "d=404"));
        return response.StatusCode;
    }
}
