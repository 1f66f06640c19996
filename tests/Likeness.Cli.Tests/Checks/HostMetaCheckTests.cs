using System.Net;
using Likeness.Cli.Checks;
using Likeness.Cli.Federation;
using Likeness.Http.WellKnown;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Cli.Tests.Checks;

[Trait("Requirement", "W-12")]
public sealed class HostMetaCheckTests
{
    private static readonly Uri Address = new("wss://chat.example.org/xmpp-websocket");
    private static readonly string Xml = HostMeta.Xml(Address);
    private static readonly string Json = HostMeta.Json(Address);

    public static TheoryData<string?, string?, string, string, object> Files => new()
    {
        { Xml, Json, "*", "browser-chats", Level.Ok },
        { null, null, "*", "browser-chats-unnamed", Level.Ok },
        { "<XRD xmlns='http://docs.oasis-open.org/ns/xri/xrd-1.0'/>", """{"links":[]}""", "*", "browser-chats-unnamed", Level.Ok },
        { "<html><p>Welcome", "[1]", "*", "browser-chats-unnamed", Level.Ok },
        { Xml, null, "*", "browser-chats-faulty", Level.Warning },
        { null, Json, "*", "browser-chats-faulty", Level.Warning },
        { Xml, Json, "https://example.org", "browser-chats-faulty", Level.Warning },
        { Xml, Json.Replace("chat.", "other."), "*", "browser-chats-faulty", Level.Warning },
        { Xml.Replace("wss:", "ws:"), Json.Replace("wss:", "ws:"), "*", "browser-chats-faulty", Level.Warning },
        { "<!DOCTYPE XRD [<!ENTITY a 'b'>]>" + Xml[(Xml.IndexOf("?>", StringComparison.Ordinal) + 2)..], Json, "*", "browser-chats-faulty", Level.Warning },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public async Task What_the_domains_web_server_tells_browsers_is_judged(string? xml, string? json, string origin, string finding, object level)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        await using var web = builder.Build();
        web.Run(context =>
        {
            var file = context.Request.Path.Value switch { "/.well-known/host-meta" => xml, "/.well-known/host-meta.json" => json, _ => null };
            context.Response.StatusCode = file is null ? 404 : 200;
            context.Response.Headers.AccessControlAllowOrigin = origin;
            return context.Response.WriteAsync(file ?? "");
        });
        await web.StartAsync();

        var found = await new HostMetaCheck(new Reach(null, AllowsPrivate: true, null, [])).Look(new Uri(web.Urls.Single()), CancellationToken.None);

        (found.Id, found.Level).ShouldBe((finding, (Level)level), found.Text);
    }

    [Fact]
    public async Task A_domain_without_a_web_server_is_no_fault()
    {
        var found = await new HostMetaCheck(new Reach(null, AllowsPrivate: true, null, [])).Look(new Uri("http://127.0.0.1:1"), CancellationToken.None);

        (found.Id, found.Level).ShouldBe(("browser-chats-unnamed", Level.Ok));
    }
}
