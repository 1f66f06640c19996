using System.Net;
using Likeness.Accounts;
using Likeness.Cli.Tests;
using Likeness.Libravatar;
using Likeness.Libravatar.Fetching;
using Likeness.Server.Options;
using Likeness.Stores;
using Likeness.Web.Proofs;
using Likeness.Web.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Likeness.Web.Tests.Proofs;

/// <summary>Web addresses that are somebody's because their page says so. The pages are on a web server of the test.</summary>
[Trait("Requirement", "P-23")]
[Trait("Requirement", "L-104")]
public sealed class PageProofTests : MailedPages
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private WebApplication _site = null!;
    private Func<HttpContext, Task> _answer = context => context.Response.WriteAsync("<p>Nothing of interest.");
    private int _asked;

    private string Page => _site.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/juliet";

    private static string Profile => $"{Site}/{AddressHash.Sha256(JulietsAddress)}";

    public override async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _site = builder.Build();
        _site.Run(context =>
        {
            Interlocked.Increment(ref _asked);
            return _answer(context);
        });
        await _site.StartAsync();
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _site.DisposeAsync();
    }

    private protected override LikenessOptions Change(LikenessOptions options) => base.Change(options) with
    {
        PageProofs = new SafeFetchOptions { MayConnect = IPAddress.IsLoopback, MayUsePort = _ => true },
    };

    [Fact]
    public async Task A_page_that_links_to_the_profile_is_an_address_from_then_on_and_no_other_page()
    {
        await Juliet.Upload(await Juliet.Get("/me/picture"), "/me/picture", TestPicture.Waves(100, 2));
        (await Juliet.Get("/me/addresses")).Html.QuerySelector(".copy code")!.TextContent.ShouldBe($"<link rel=\"me\" href=\"{Profile}\">");
        foreach (var (answer, status) in new (Func<HttpContext, Task>, HttpStatusCode)[]
        {
            (_answer, HttpStatusCode.UnprocessableEntity),
            (Says($"<a href='{Profile}'>Juliet</a>"), HttpStatusCode.UnprocessableEntity),
            (Says($"<a rel=me href='{Site}/{AddressHash.Sha256(RomeosAddress)}'>Romeo</a>"), HttpStatusCode.UnprocessableEntity),
            (Says($"<a rel=me href='https://evil.example/{AddressHash.Sha256(JulietsAddress)}'>"), HttpStatusCode.UnprocessableEntity),
            (Says($"<a rel=me href='{Profile}0'><a rel=me href='{Profile}?from=here'><a rel=me href='{Profile}#me'><a rel=me href='{Profile.Replace("://", "://evil@", StringComparison.Ordinal)}'><a rel=me href='{Profile.Replace("https:", "http:", StringComparison.Ordinal)}'><a rel=me href='javascript:alert(1)'><a rel=me href='mailto:{JulietsAddress}'><a rel=me href='urn:a:b'>"), HttpStatusCode.UnprocessableEntity),
            (context => Ends(context, StatusCodes.Status404NotFound, $"<a rel=me href='{Profile}'>"), HttpStatusCode.UnprocessableEntity),
            (context => Ends(context, StatusCodes.Status302Found, $"<a rel=me href='{Profile}'>"), HttpStatusCode.UnprocessableEntity),
            (context => Ends(context, StatusCodes.Status200OK, $"<a rel=me href='{Profile}'>" + new string(' ', PageProofs.MaxPage)), HttpStatusCode.UnprocessableEntity),
            (Says($"<a rel=me href='{Profile}/'>Juliet</a>"), HttpStatusCode.SeeOther),
        })
        {
            _answer = answer;
            var added = await Add(Juliet, Page);
            added.Status.ShouldBe(status, added.Says("[role=alert]"));
            (await Web(Page) is not null).ShouldBe(status == HttpStatusCode.SeeOther);
        }

        var page = await Juliet.Get("/me/addresses?done=proved");
        page.Says("[role=status]").ShouldNotBeNullOrEmpty();
        page.Text.ShouldContain("proved on");
        (await Run("log", "--address", JulietsAddress)).ShouldContain(Page);

        // Romeo's page it is not, whatever he says.
        (await Add(Romeo, Page)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        _answer = Says($"<a rel=me href='{Profile}'></a><a rel=me href='{Site}/{AddressHash.Md5(RomeosAddress)}'></a>");
        (await Add(Romeo, Page)).Status.ShouldBe(HttpStatusCode.Conflict, "she has it");

        // What is looked at without a password is the own page alone.
        var asked = _asked;
        (await Look(Romeo, Page)).Location.ShouldBe("/me/addresses");
        (await Look(Juliet, null)).Location.ShouldBe("/me/addresses");
        _asked.ShouldBe(asked);
        (await Look(Juliet, Page)).Location.ShouldBe("/me/addresses?done=proved");
    }

    [Theory]
    [InlineData("http://juliet.example/")]
    [InlineData("https://user@127.0.0.1/")]
    [InlineData("ftp://127.0.0.1/")]
    [InlineData(@"https:\\10.1.2.3/@juliet")]
    [InlineData("juliet@example.org")]
    [InlineData("")]
    public async Task What_is_no_page_that_may_be_asked_is_refused(string address)
    {
        var refused = await Add(Juliet, address);
        refused.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        refused.Says("[role=alert]").ShouldNotBeNull().ShouldContain("no web address that begins with https://");
        (await Add(Juliet, "https://127.0.0.1/" + new string('x', PageProofs.MaxLength))).Says("[role=alert]").ShouldBe(refused.Says("[role=alert]"));
        (await Add(Juliet, "https://10.1.2.3/")).Says("[role=alert]").ShouldNotBeNull().ShouldContain("could not be read", customMessage: "it could be one, and is not asked here");
        _asked.ShouldBe(0);
    }

    [Fact]
    public async Task It_is_looked_at_each_year_and_goes_after_a_month_without_the_link_and_not_at_once()
    {
        _answer = Says($"<a rel=me href='{Profile}'>");
        await Add(Juliet, Page);
        await ConfirmMantua();
        var proved = Time.GetUtcNow();
        Time.Advance(PageProofs.Period);
        (await Becomes(proof => proof?.Proved > proved))!.Failing.ShouldBeNull();
        _asked.ShouldBe(2);

        _answer = context => Ends(context, StatusCodes.Status503ServiceUnavailable, "");
        proved = Time.GetUtcNow();
        Time.Advance(PageProofs.Period);
        var failing = (await Becomes(proof => proof?.Failing is not null))!;
        failing.Proved.ShouldBe(proved);
        var told = await AllUntilNowBy(await Browser(RomeosAddress, Password));
        told.Single(mail => mail.To.Contains(Mantua)).Text.ShouldContain("for 30 days");
        (await Run("address", "list", JulietsAddress)).ShouldContain(Page);
        var juliet = await Browser(JulietsAddress, Password);
        (await juliet.Get("/me/addresses")).Text.ShouldContain("does not say any more");

        // It comes back.
        _answer = Says($"<a rel=me href='{Profile}'>");
        Time.Advance(PageProofs.FailingPeriod);
        (await Becomes(proof => proof is { Failing: null }))!.Proved.ShouldBeGreaterThan(proved);

        // And goes for good.
        _answer = Says("nothing");
        Time.Advance(PageProofs.Period);
        failing = (await Becomes(proof => proof?.Failing is not null))!;
        for (var due = failing; due is not null;)
        {
            var before = due.Due;
            Time.GetUtcNow().ShouldBeLessThan(failing.Failing!.Value + PageProofs.Grace);
            Time.Advance(before - Time.GetUtcNow() + TimeSpan.FromMinutes(1));
            due = await Becomes(proof => proof is null || proof.Due > before + TimeSpan.FromHours(2));
        }

        Time.GetUtcNow().ShouldBeGreaterThan(failing.Failing!.Value + PageProofs.Grace);
        (await Run("address", "list", JulietsAddress)).ShouldNotContain(Page);
        (await Run("log", "--address", JulietsAddress)).ShouldContain("address remove");
    }

    [Fact]
    [Trait("Requirement", "P-11")]
    public async Task The_password_is_asked_for_and_one_person_has_no_more_pages_looked_at_than_may()
    {
        Time.Advance(WebSessions.Fresh);
        (await Add(Juliet, Page)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        _asked.ShouldBe(0, "nobody is asked before that");
        for (var time = 0; time < PageProofs.PerPerson.Permits; time++)
        {
            (await Add(Juliet, Page, Password)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        }

        (await Add(Juliet, Page, Password)).Status.ShouldBe(HttpStatusCode.TooManyRequests);
        _asked.ShouldBe(PageProofs.PerPerson.Permits);
    }

    [Fact]
    public async Task No_more_pages_are_a_persons_than_may_and_those_there_are_can_be_looked_at_still()
    {
        _answer = Says($"<a rel=me href='{Profile}'>");
        for (var page = 0; page < PageProofs.MaxPages; page++)
        {
            (await Add(Juliet, $"{Page}/{page}")).Status.ShouldBe(HttpStatusCode.SeeOther);
        }

        Time.Advance(TimeSpan.FromHours(1));
        (await Add(Juliet, $"{Page}/more", Password)).Says("[role=alert]").ShouldNotBeNull().ShouldContain("as many web addresses as may be");
        (await Add(Juliet, $"{Page}/0", Password)).Location.ShouldBe("/me/addresses?done=proved");
        _asked.ShouldBe(PageProofs.MaxPages + 1);
    }

    [Fact]
    public async Task In_the_clear_no_page_is_asked_where_the_operator_lets_others_be_asked()
    {
        await Server.DisposeAsync();
        Server = await Cli.Tests.Serving.RunningServer.Start(Data.Path, options => base.Change(options) with { PublicUrl = new Uri("http://faces.example.org"), PageProofs = new SafeFetchOptions() }, Time);
        var juliet = await Browser(JulietsAddress, Password);
        (await Add(juliet, Page)).Says("[role=alert]").ShouldNotBeNull().ShouldContain("no web address that begins with https://");
        (await juliet.Get("/me/addresses")).Html.QuerySelector(".copy code")!.TextContent.ShouldContain($"http://faces.example.org/{AddressHash.Sha256(JulietsAddress)}");
        _asked.ShouldBe(0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Where_the_operator_lets_no_page_be_asked_or_says_no_place_of_profiles_none_is(bool isLet)
    {
        _answer = Says($"<a rel=me href='{Profile}'>");
        await Add(Juliet, Page);
        await Server.DisposeAsync();
        Server = await Cli.Tests.Serving.RunningServer.Start(Data.Path, options => isLet ? Change(options) with { PublicUrl = null } : base.Change(options), Time);
        var juliet = await Browser(JulietsAddress, Password);
        (await juliet.Get("/me/addresses")).Html.QuerySelector("input[name=page]").ShouldBeNull();
        (await Server.Host.Services.GetRequiredService<PageProofs>().Prove(new Identity(JulietsAddress), Page, TestContext.Current.CancellationToken)).ShouldBe(ProofAnswer.NoAddress);
        (await Add(juliet, Page)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await Look(juliet, Page)).Location.ShouldBe("/me/addresses");
        Time.Advance(PageProofs.Period);
        await Server.Host.Services.GetRequiredService<PageProofs>().LookAgain(TestContext.Current.CancellationToken);
        (await Server.Host.Services.GetRequiredService<IStores>().AddressProofs.Of(new Identity(JulietsAddress), TestContext.Current.CancellationToken))[Page].Due.ShouldBe(Time.GetUtcNow(), "it waits");
        _asked.ShouldBe(1, "that was before");
    }

    private static Func<HttpContext, Task> Says(string page) => context => context.Response.WriteAsync("<!doctype html><title>Juliet</title>" + page);

    private static Task Ends(HttpContext context, int status, string page)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.Location = "/elsewhere";
        return context.Response.WriteAsync(page);
    }

    private static async Task<Answer> Add(WebBrowser browser, string page, string? password = null)
    {
        var token = WebBrowser.FormToken(await browser.Get("/me/addresses"));
        return await browser.Post("/me/addresses?handler=Page", [new("__RequestVerificationToken", token), new("page", page), new("password", password ?? "")]);
    }

    private static async Task<Answer> Look(WebBrowser browser, string? page) =>
        await browser.Post("/me/addresses?handler=Look", [new("__RequestVerificationToken", WebBrowser.FormToken(await browser.Get("/me/addresses"))), .. page is null ? [] : new KeyValuePair<string, string>[] { new("page", page) }]);

    private async Task<IReadOnlyList<Received>> AllUntilNowBy(WebBrowser romeo) => await Mails.UntilNow(async fence => await romeo.Submit(await romeo.Get("/admin/mail"), "/admin/mail", ("address", fence)));

    // Asks the database until the server, which looks in the background, has written that.
    private async Task<AddressProof?> Becomes(Func<AddressProof?, bool> isSo)
    {
        using var timeout = new CancellationTokenSource(Patience);
        var stored = Server.Host.Services.GetRequiredService<IStores>().AddressProofs;
        while (true)
        {
            var proof = (await stored.Of(new Identity(JulietsAddress), timeout.Token)).GetValueOrDefault(Page);
            if (isSo(proof))
            {
                return proof;
            }

            timeout.Token.ThrowIfCancellationRequested();
        }
    }
}
