using Likeness.Libravatar;

namespace Likeness.Http.Tests.Api;

public sealed class QueryResourceTests : IAsyncLifetime
{
    private const string Path = "/api/v1/portraits/query";
    private ApiServer _server = null!;
    private string _token = "";

    public async ValueTask InitializeAsync()
    {
        _server = await ApiServer.Start();
        _token = await _server.Token();
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Only_those_with_a_public_portrait_are_named()
    {
        foreach (var person in new[] { ApiServer.Juliet, "romeo@example.org", "nurse@example.net" })
        {
            await _server.Put(person, _token, SmallPicture.Png());
        }

        await _server.Book.SetVisibility(new Identity("romeo@example.org"), Visibility.Contacts, new(Origin.Command));
        var sha256 = Address.Email("Nurse@Example.net").Sha256.Text.ToUpperInvariant();

        var reply = await _server.Post(Path, _token, $$"""{"addresses":["Juliet@Example.org","romeo@example.org","nobody@example.org"],"hashes":["{{sha256}}","{{new string('0', 32)}}"]}""");

        reply.Status.ShouldBe(200);
        Asked(reply).ShouldBe(["Juliet@Example.org", sha256]);
        reply.Json.GetProperty("portraits")[0].GetProperty("version").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task A_token_learns_nothing_of_other_domains()
    {
        await _server.Put("nurse@example.net", _token, SmallPicture.Png());
        await _server.AddAddress("nurse@example.net", "nurse@example.org");
        var token = await _server.Token("org", domains: "example.org");

        var reply = await _server.Post(
            Path, token, $$"""{"addresses":["nurse@example.net","nurse@example.org"],"hashes":["{{Address.Email("nurse@example.net").Md5}}"]}""");

        Asked(reply).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_thousand_can_be_asked_for_at_once_and_no_more()
    {
        (await _server.Post(Path, _token, Many(1000))).Status.ShouldBe(200);
        (await _server.Post(Path, _token, Many(1001))).Problem().ShouldContain("1000");
    }

    [Theory]
    [InlineData("""{"hashes":["123"]}""", 422)]
    [InlineData("""{"addresses":[null]}""", 422)]
    [InlineData("""{"addresses":{}}""", 400)]
    [InlineData("""{"addresses":[[[[[[[[[[[[]]]]]]]]]]]]}""", 400)]
    [InlineData("""{}""", 200)]
    public async Task What_cannot_be_asked_is_refused(string json, int status) =>
        (await _server.Post(Path, _token, json)).Status.ShouldBe(status);

    [Fact]
    public async Task A_body_over_the_limit_is_refused() =>
        (await _server.Post(Path, _token, $$"""{"addresses":["{{new string('a', 600_000)}}"]}""")).Status.ShouldBe(413);

    /// <summary>Whatever is sent, the answer is a refusal or a list, never a fault of the server.</summary>
    [Fact]
    public async Task Damaged_bodies_never_break_the_server()
    {
        var random = new Random(20260101);
        var whole = """{"addresses":["juliet@example.org"],"hashes":["00000000000000000000000000000000"]}"""u8.ToArray();
        for (var round = 0; round < 400; round++)
        {
            var damaged = whole.ToArray();
            for (var hits = random.Next(1, 6); hits > 0; hits--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            var body = ApiServer.Bytes(damaged[..random.Next(1, damaged.Length + 1)], "application/json");
            (await _server.Send(HttpMethod.Post, Path, _token, body)).Status.ShouldBeOneOf(200, 400, 422, 429);
        }
    }

    private static string Many(int count) =>
        $$"""{"addresses":[{{string.Join(',', Enumerable.Range(0, count).Select(number => $"\"p{number}@example.org\""))}}]}""";

    private static IEnumerable<string?> Asked(Reply reply) =>
        reply.Json.GetProperty("portraits").EnumerateArray().Select(found => found.GetProperty("asked").GetString());
}
