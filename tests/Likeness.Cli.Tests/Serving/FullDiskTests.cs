using System.Net;
using System.Net.Http.Headers;
using Likeness.Xmpp;

namespace Likeness.Cli.Tests.Serving;

/// <summary>A server whose disk is full, a small file system that only it sees; and the same server when there is room again.</summary>
[Trait("Category", "Integration")]
public sealed class FullDiskTests : IDisposable
{
    private const string Mounted =
        """exec unshare --user --map-root-user --mount sh -c 'mount -t tmpfs -o size=24m,mode=0700 none "DISK" && cp -a "FROM/." "DISK/" && exec "$0" "$@"' "$0" "$@" """;

    private readonly TemporaryDirectory _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Whoever_wants_something_stored_is_told_and_everything_works_when_there_is_room_again()
    {
        var (from, disk) = (Directory.CreateDirectory(_home.File("from")).FullName, Directory.CreateDirectory(_home.File("disk")).FullName);
        await LikenessProgram.Run("user", "add", "juliet@localhost", "--password", "secret", "--data", from);
        var token = (await LikenessProgram.Run("token", "add", "intranet", "--data", from)).Output.Trim();
        var shell = Mounted.Replace("DISK", disk, StringComparison.Ordinal).Replace("FROM", from, StringComparison.Ordinal);
        using var program = ServeProcess.Start(shell, "serve", "--data", disk, "--http", "127.0.0.1:0", "--xmpp", "127.0.0.1:0");
        var addresses = await program.Ready();
        using var web = new HttpClient { BaseAddress = new Uri($"http://{addresses["http"]}") };
        web.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        await using var juliet = await ChatClient.LogIn(IPEndPoint.Parse(addresses["xmpp"]), "juliet@localhost");
        (await Put(web, 32)).StatusCode.ShouldBe(HttpStatusCode.Created);

        var filler = $"/proc/{program.Program.Id}/root{disk}/filler";
        Fill(filler);

        var refused = await Put(web, 64);
        refused.StatusCode.ShouldBe(HttpStatusCode.InsufficientStorage);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("The server has no room to store this.");
        var stanza = await Should.ThrowAsync<StanzaErrorException>(() => juliet.SetPhoto(TestPicture.Png(96, 96)));
        (stanza.Condition, stanza.Message).ShouldBe((StanzaCondition.ResourceConstraint, "The server has no room to store this."));
        (await Health(web)).ShouldContain("FAIL  database: the disk is full");
        (await web.GetAsync(new Uri($"/avatar/{Libravatar.AddressHash.Sha256("juliet@localhost")}?d=404", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.OK, "what is there can be seen");

        File.Delete(filler);

        (await Put(web, 64)).IsSuccessStatusCode.ShouldBeTrue();
        await juliet.SetPhoto(TestPicture.Png(96, 96));
        (await program.Terminate()).ShouldBe(ExitCode.Done, string.Join("\n", program.Error.Concat(program.Output)));
        program.Output.ShouldAllBe(line => !line.Contains("   at ", StringComparison.Ordinal) && !line.Contains(" | at ", StringComparison.Ordinal));
    }

    private static async Task<HttpResponseMessage> Put(HttpClient web, int edge)
    {
        using var picture = new ByteArrayContent(TestPicture.Png(edge, edge));
        picture.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        return await web.PutAsync(new Uri("/api/v1/portraits/juliet@localhost", UriKind.Relative), picture);
    }

    private static async Task<string> Health(HttpClient web)
    {
        using var response = await web.GetAsync(new Uri("/health", UriKind.Relative));
        return await response.Content.ReadAsStringAsync();
    }

    /// <summary>Takes whatever is left, to the last page.</summary>
    private static void Fill(string path)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (var size = 1 << 20; size > 0; size /= 2)
        {
            try
            {
                while (true)
                {
                    file.Write(new byte[size]);
                }
            }
            catch (IOException)
            {
                // No room for so many.
            }
        }
    }
}
