using System.Runtime.CompilerServices;

namespace Likeness.Http.Tests.Api;

public sealed class ApiDescriptionTests
{
    [Fact]
    public async Task The_interface_describes_itself_without_a_token()
    {
        await using var server = await ApiServer.Start();

        var index = await server.Get("/api/v1/", token: null);

        index.Status.ShouldBe(200);
        (await server.Get(index.Json.GetProperty("description").GetString()!, token: null)).Json.GetProperty("openapi").GetString()!.ShouldStartWith("3.");
    }

    [Theory]
    [InlineData("GET", "/api/v1/nonsense", 404)]
    [InlineData("GET", "/api", 404)]
    [InlineData("GET", "/api/v2/", 404)]
    [InlineData("POST", "/api/v1/portraits/juliet@example.org", 405)]
    [InlineData("DELETE", "/api/v1/", 405)]
    public async Task What_is_not_there_is_a_problem_in_one_line(string method, string path, int status)
    {
        await using var server = await ApiServer.Start();

        var reply = await server.Send(new HttpMethod(method), path, token: null);

        reply.Status.ShouldBe(status);
        reply.Problem().ShouldContain(status == 404 ? "openapi.json" : "Allow");
    }

    [Fact]
    public async Task No_script_of_another_site_may_use_it()
    {
        await using var server = await ApiServer.Start();
        var reply = await server.Send(HttpMethod.Options, "/api/v1/portraits/juliet@example.org", token: null, null, ("Origin", "https://evil.example"), ("Access-Control-Request-Method", "PUT"));

        reply.Headers.Keys.ShouldNotContain(name => name.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The copy in the documentation is what the server says. LIKENESS_WRITE_OPENAPI=1 writes it anew.</summary>
    [Fact]
    public async Task The_documented_description_is_the_one_served()
    {
        await using var server = await ApiServer.Start();
        var served = (await server.Get("/api/v1/openapi.json", token: null)).Text.ReplaceLineEndings("\n").TrimEnd() + "\n";
        if (Environment.GetEnvironmentVariable("LIKENESS_WRITE_OPENAPI") == "1")
        {
            await File.WriteAllTextAsync(Documented(), served);
        }

        (await File.ReadAllTextAsync(Documented())).ShouldBe(served);
    }

    private static string Documented([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", "..", "docs", "api", "openapi.json"));
}
