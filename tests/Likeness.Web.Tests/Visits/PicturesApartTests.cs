using System.Net;
using System.Net.Http.Headers;
using Likeness.Cli.Tests;
using Likeness.Libravatar;
using Likeness.Server.Options;
using Likeness.Web.Tests.Hosting;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Web.Tests.Visits;

/// <summary>What people upload is never a page of this server: other paths, fixed types, and a policy under which nothing in it runs.</summary>
[Trait("Requirement", "P-87")]
public sealed class PicturesApartTests : PagesOfPeople
{
    private const string Sandbox = "default-src 'none'; sandbox";
    private static readonly string[] Types = ["image/jpeg", "image/png", "image/webp", "image/gif", "image/avif"];
    private static readonly string[] PathsOfPictures = ["avatar", "avatar.php", "p", "static", "api", "upload", "assets"];

    private protected override LikenessOptions Change(LikenessOptions options) => options with
    {
        PublicUrl = new Uri("https://faces.example.org"),
        Chat = options.Chat with { Admins = new HashSet<string> { RomeosAddress } },
        DefaultImages = [new DefaultImageOption("club", Data.Write("club.png", TestPicture.Png()))],
    };

    [Fact]
    public async Task Wherever_a_picture_is_served_it_is_of_a_fixed_type_and_sandboxed()
    {
        await Juliet.Upload(await Juliet.Get("/me/picture"), "/me/picture", TestPicture.Waves(600, 2));
        var (sha256, md5) = (AddressHash.Sha256(JulietsAddress).Text, AddressHash.Md5(JulietsAddress).Text);
        var shown = (await Server.Host.Services.GetRequiredService<PortraitBook>().Find(new Identity(JulietsAddress))).Master!.Id;
        using var stranger = new WebBrowser(Server);
        using var program = new WebBrowser(Server);
        program.Headers["Authorization"] = "Bearer " + (await Run("token", "add", "intranet", "--domain", "example.org")).Trim();
        (WebBrowser Who, string Path)[] places =
        [
            (stranger, $"/avatar/{sha256}?s=64"),
            (stranger, $"/avatar/{md5}.gif?s=64"),
            (stranger, $"/avatar/{sha256}?s=32&f=y&d=robohash"),
            (stranger, $"/avatar/{sha256}?f=y&d=club"),
            (stranger, $"/avatar.php?gravatar_id={md5}"),
            (stranger, $"/p/{shown.Hex}/512.png"),
            (stranger, "/static/defaults/mm.80.jpg"),
            (stranger, "/favicon.ico"),
            (program, $"/api/v1/portraits/{JulietsAddress}/picture"),
            (Juliet, "/me/picture/64"),
            (Juliet, $"/me/pictures?handler=Image&of={shown.Hex}"),
            (Juliet, $"/me/pictures?handler=Original&of={shown.Hex}"),
            (Romeo, $"/admin/picture?account={JulietsAddress}"),
        ];
        foreach (var (who, path) in places)
        {
            var picture = await who.Get(path);
            picture.Status.ShouldBe(HttpStatusCode.OK, path);
            Types.ShouldContain(picture.Headers["Content-Type"], path);
            picture.Headers["X-Content-Type-Options"].ShouldBe("nosniff", path);
            picture.Headers["Content-Security-Policy"].ShouldBe(Sandbox, path);
        }
    }

    [Theory]
    [InlineData("d=404&f=y", HttpStatusCode.NotFound)]
    [InlineData("d=%3Cscript%3Ealert(1)%3C/script%3E&f=y", HttpStatusCode.OK)]
    [InlineData("s=<script>", HttpStatusCode.OK)]
    public async Task What_stands_in_for_a_picture_is_sandboxed_too(string query, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Server.Avatar("nobody@example.org", query));
        using var answer = await Server.Web.SendAsync(request);
        answer.StatusCode.ShouldBe(status);
        answer.Headers.GetValues("Content-Security-Policy").ShouldHaveSingleItem().ShouldBe(Sandbox);
        (answer.Content.Headers.ContentType?.MediaType ?? "").ShouldNotContain("html");

        // Of what a browser keeps, too.
        using var again = new HttpRequestMessage(HttpMethod.Get, request.RequestUri);
        again.Headers.IfNoneMatch.Add(answer.Headers.ETag ?? new EntityTagHeaderValue("\"none\""));
        using var kept = await Server.Web.SendAsync(again);
        kept.Headers.GetValues("Content-Security-Policy").ShouldHaveSingleItem().ShouldBe(Sandbox);
    }

    /// <summary>Of people who are signed in there are pictures on paths of pages: for them alone, and sandboxed as above.</summary>
    [Fact]
    public async Task No_page_is_where_pictures_of_people_are()
    {
        var pages = Server.Host.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<PageActionDescriptor>() is not null)
            .Select(endpoint => endpoint.RoutePattern.RawText!.Trim('/').Split('/')[0]).ToArray();
        pages.Length.ShouldBeGreaterThan(20);
        pages.Intersect(PathsOfPictures).ShouldBeEmpty();

        // What a page needs of the browser, a picture does not get: it is on the same host, and no page of it.
        var page = await Juliet.Get("/me");
        page.Headers["Content-Security-Policy"].ShouldNotContain("sandbox");
        page.Headers["Cross-Origin-Resource-Policy"].ShouldBe("same-origin");
        (await Juliet.Get($"/avatar/{AddressHash.Sha256(JulietsAddress).Text}?s=64")).Headers["Cross-Origin-Resource-Policy"].ShouldBe("cross-origin");
    }

    /// <summary>What no picture is, is never kept, whatever it begins with or says that it is.</summary>
    [Theory]
    [InlineData("<!DOCTYPE html><script>alert(1)</script>")]
    [InlineData("<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>")]
    public async Task A_page_that_is_uploaded_as_a_picture_is_refused(string page)
    {
        (await Juliet.Upload(await Juliet.Get("/me/picture"), "/me/picture", System.Text.Encoding.UTF8.GetBytes(page))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Web(JulietsAddress)).ShouldBeNull();
    }

    [Fact]
    [Trait("Requirement", "P-42")]
    public async Task The_person_sees_every_own_picture_whoever_else_may_and_whatever_is_asked_for()
    {
        await Juliet.Upload(await Juliet.Get("/me/picture"), "/me/picture", TestPicture.Waves(300, 2));
        await Juliet.Upload(await Juliet.Get("/me/picture"), "/me/picture", TestPicture.Waves(300, 3));
        await Juliet.Upload(await Juliet.Get("/me/picture"), "/me/picture", TestPicture.Waves(300, 4), ("how", "keep"), ("name", "carnival"));
        var own = await Pictures("");
        own.Count.ShouldBe(3 + 1, "the portrait in two places, an earlier one and one that is kept");
        own.Values.Distinct().Count().ShouldBe(own.Count - 1);
        var asSitesAsk = await Web(JulietsAddress);

        foreach (var visibility in new[] { "contacts", "nobody" })
        {
            (await Juliet.Submit(await Juliet.Get("/me/visibility"), "/me/visibility", ("visibility", visibility))).Status.ShouldBe(HttpStatusCode.SeeOther);
            (await Web(JulietsAddress)).ShouldBeNull();
            (await Pictures("")).Values.ShouldBe(own.Values, ignoreOrder: true);
        }

        // Programs say by "r" which ratings they want; nothing is rated here, and nothing of one's own is hidden by it.
        (await Pictures("&r=g")).Values.ShouldBe(own.Values, ignoreOrder: true);
        await Run("avatar", "lock", JulietsAddress, "--reason", "a quarrel");
        (await Pictures("")).Values.ShouldBe(own.Values, ignoreOrder: true);
        await Run("avatar", "unlock", JulietsAddress);
        await Juliet.Submit(await Juliet.Get("/me/visibility"), "/me/visibility", ("visibility", "public"));
        foreach (var rating in new[] { "g", "pg", "r", "x" })
        {
            using var answer = await Server.Web.GetAsync(Server.Avatar(JulietsAddress, $"d=404&s=64&r={rating}"));
            (await answer.Content.ReadAsByteArrayAsync()).ShouldBe(asSitesAsk, rating);
        }

        async Task<Dictionary<string, string>> Pictures(string more)
        {
            var album = await Juliet.Get("/me/pictures");
            string[] sources = [.. album.Html.QuerySelectorAll(".album img").Select(image => image.GetAttribute("src")!), "/me/picture/192?v=1"];
            var shown = new Dictionary<string, string>();
            foreach (var source in sources)
            {
                var picture = await Juliet.Get(source + more);
                picture.Status.ShouldBe(HttpStatusCode.OK, source);
                shown.Add(source, Convert.ToHexString(picture.Bytes));
            }

            return shown;
        }
    }
}
