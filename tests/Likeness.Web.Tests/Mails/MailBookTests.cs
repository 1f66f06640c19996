using System.Net.Security;
using Likeness.Stores;
using Likeness.Web.Language;
using Likeness.Web.Mails;
using Likeness.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using MimeKit;

namespace Likeness.Web.Tests.Mails;

/// <summary>What is kept of mails and codes, on a server that sends none: here each way out is one of the test's.</summary>
public sealed class MailBookTests : PagesOfServer
{
    private readonly Way _way = new();

    private IMailStore Stored => Server.Host.Services.GetRequiredService<IMailStore>();

    private MailBook Book => Server.Host.Services.GetRequiredService<MailBook>();

    private static CancellationToken End => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_way_out_that_is_closed_is_tried_once_and_looked_at_again_after_five_minutes()
    {
        using var delivery = Delivery();
        foreach (var number in Enumerable.Range(0, MailDelivery.Batch + 1))
        {
            (await Book.Add([Test($"a{number}@mantua.example")], End)).ShouldBeNull();
        }

        await delivery.Deliver(End);
        _way.Opened.ShouldBe(1);
        (await Stored.Troubled(100, End)).Count(mail => mail.Tries == 1).ShouldBe(MailDelivery.Batch);

        _way.IsClosed = false;
        (await delivery.Check(End)).ShouldBe(Way.Why);
        Time.Advance(TimeSpan.FromMinutes(5));
        (await delivery.Check(End)).ShouldBeNull();
        await delivery.Deliver(End);
        _way.Gone.Count.ShouldBe(MailDelivery.Batch + 1);
    }

    [Fact]
    [Trait("Requirement", "P-81")]
    public async Task What_is_too_old_or_for_no_address_goes_nowhere_and_nobody_is_asked_to_send_nothing()
    {
        _way.IsClosed = false;
        using var delivery = Delivery();
        await Book.Add([Test("late@mantua.example") with { Expires = Time.GetUtcNow() }, Test("nurse@[127.0.0.1]")], End);
        await delivery.Deliver(End);
        _way.Opened.ShouldBe(0);
        (await Stored.Troubled(100, End)).ShouldAllBe(mail => mail.Due == null && mail.Error != null);
    }

    [Fact]
    public async Task A_mail_says_no_more_than_it_may()
    {
        var mail = Book.New(MailKind.Notice, account: null, "nurse@mantua.example", Words.In("en"), "example.org", visitor: null, MailBook.AddressLifetime, ("more", new string('x', MailBook.MaxContent)));
        await Should.ThrowAsync<ArgumentException>(async () => await Book.Add([mail], End));
        (await Stored.Find(mail.Id, End)).ShouldBeNull();
    }

    [Fact]
    public async Task Where_no_mail_goes_out_nobody_is_told_and_nothing_waits()
    {
        await Server.Host.Services.GetRequiredService<Notices>().Tell(new Identity("juliet@example.org"), "password", to: ["juliet@mantua.example"]);
        (await Stored.Troubled(100, End)).ShouldBeEmpty();
    }

    [Fact]
    [Trait("Requirement", "B-81")]
    public async Task A_code_is_found_for_five_minutes_and_whoever_guesses_on_writes_nothing()
    {
        var asked = Book.New(MailKind.SignIn, new Identity("juliet@example.org"), "", Words.In("en"), "example.org", visitor: null, MailBook.CodeLifetime) with { Due = null, Code = MailTokens.HashOf("right") };
        await Book.Add([asked], End);
        for (var guess = 0; guess < 2 * MailBook.MaxGuesses; guess++)
        {
            (await Book.IsCode((await Book.FindCode(asked.Id, End))!, "wrong", End)).ShouldBeFalse();
        }

        (await Book.IsCode((await Book.FindCode(asked.Id, End))!, "right", End)).ShouldBeFalse();
        (await Stored.Find(asked.Id, End))!.Guesses.ShouldBe(MailBook.MaxGuesses);
        Time.Advance(MailBook.CodeLifetime);
        (await Book.FindCode(asked.Id, End)).ShouldBeNull();
    }

    [Fact]
    [Trait("Requirement", "P-80")]
    public void A_certificate_that_the_system_trusts_needs_no_authority_of_ours_and_one_that_nobody_shows_has_none()
    {
        var (certificate, pem) = MailReceiver.NewCertificate();
        using (certificate)
        {
            var smtp = new MailRoute.Smtp("localhost", 25, IsTlsFirst: true, User: null, IsToken: false);
            var route = new SmtpRoute(new MailOptions(smtp, "noreply@example.org") { AuthorityFile = Data.Write("ca.pem", System.Text.Encoding.ASCII.GetBytes(MailReceiver.NewCertificate().Pem)) }, smtp);
            route.IsTrusted(certificate, built: null, SslPolicyErrors.None).ShouldBeTrue();
            route.IsTrusted(certificate, built: null, SslPolicyErrors.RemoteCertificateChainErrors).ShouldBeFalse();
            route.IsTrusted(certificate: null, built: null, SslPolicyErrors.RemoteCertificateChainErrors).ShouldBeFalse();

            var own = new SmtpRoute(new MailOptions(smtp, "noreply@example.org") { AuthorityFile = Data.Write("own.pem", System.Text.Encoding.ASCII.GetBytes(pem)) }, smtp);
            own.IsTrusted(certificate, built: null, SslPolicyErrors.RemoteCertificateChainErrors).ShouldBeTrue();
            own.IsTrusted(certificate, built: null, SslPolicyErrors.RemoteCertificateChainErrors | SslPolicyErrors.RemoteCertificateNameMismatch).ShouldBeFalse();
        }
    }

    private Mail Test(string address) => Book.New(MailKind.Test, account: null, address, Words.In("en"), "example.org", visitor: null, MailBook.AddressLifetime);

    private MailDelivery Delivery()
    {
        var tokens = new MailTokens([1, 2, 3]);
        var options = new PageOptions { PublicUrl = new Uri("https://faces.example.org"), Mail = new MailOptions(new MailRoute.Folder("none"), "noreply@example.org") };
        return new MailDelivery(Stored, _way, new MailTexts(options, tokens, Time), tokens, Time, NullLogger<MailDelivery>.Instance);
    }

    private sealed class Way : IMailRoute
    {
        public const string Why = "the road is closed";

        public bool IsClosed { get; set; } = true;

        public int Opened { get; private set; }

        public List<MimeMessage> Gone { get; } = [];

        public async Task Send(IEnumerable<MimeMessage> mails, Func<MimeMessage, MailFault?, Task> told, CancellationToken cancellationToken)
        {
            Opened++;
            await Check(cancellationToken);
            foreach (var mail in mails)
            {
                Gone.Add(mail);
                await told(mail, null);
            }
        }

        public Task Check(CancellationToken cancellationToken) => IsClosed ? throw new MailRouteException(Why) : Task.CompletedTask;
    }
}
