using System.Net;
using System.Threading.Channels;
using Likeness.Cli.Tests;
using Likeness.Cli.Tests.Serving;
using Likeness.Http.Tests.Hosting;
using Likeness.Server.Options;
using Likeness.Stores;
using Likeness.Web.Mails;
using Likeness.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Web.Tests.Mails;

/// <summary>Mail on its way out, to a real mail server.</summary>
public sealed class MailDeliveryTests : IAsyncLifetime
{
    private const string Friar = "friar@example.org";
    private const string To = "nurse@mantua.example";
    private readonly TemporaryDirectory _data = new();
    private readonly SettableTime _time = new();
    private readonly MailReceiver _receiver = new();
    private readonly Channel<bool> _rests = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private RunningServer? _server;
    private WebBrowser _friar = null!;

    // Whoever has sent what there was sets an alarm until there may be more.
    public ValueTask InitializeAsync()
    {
        _time.AlarmSet = _ => _rests.Writer.TryWrite(true);
        return default;
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        await _receiver.DisposeAsync();
        _data.Dispose();
    }

    [Fact]
    [Trait("Requirement", "P-81")]
    public async Task A_mail_says_the_same_as_text_and_as_html_and_that_no_human_wrote_it()
    {
        await Start();
        (await Ask(To)).Location.ShouldBe("/admin/mail?done=yes");
        var mail = await _receiver.Next();
        mail.To.ShouldBe([To]);
        mail.From.ShouldContain("<noreply@example.org>");
        mail.Message.Subject.ShouldBe("A test mail from example.org");
        mail.Message.Headers["Auto-Submitted"].ShouldBe("auto-generated");
        mail.Message.Date.ShouldBe(_time.GetUtcNow());
        mail.Message.MessageId!.ShouldMatch("^[0-9a-f]{16}@example.org$");
        mail.Text.ShouldContain(Friar);
        var html = mail.Html;
        foreach (var line in mail.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            WebUtility.HtmlDecode(html).ShouldContain(line);
        }

        html.ShouldNotContain("<img", Case.Insensitive);
        html.ShouldNotContain("style", Case.Insensitive);
    }

    [Theory]
    [InlineData("nurse@mantua.example\r\nBcc: tybalt@mantua.example")]
    [InlineData("nurse@mantua.example, tybalt@mantua.example")]
    [InlineData("Nurse <nurse@mantua.example>")]
    [InlineData("nurse@mantua.example>\nRCPT TO:<tybalt@mantua.example")]
    [InlineData("a@b")]
    [InlineData("nurse")]
    [Trait("Requirement", "P-81")]
    public async Task An_address_that_would_be_more_than_one_or_a_header_gets_no_mail(string address)
    {
        await Start();
        (await Ask(address)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await UntilNow()).ShouldBeEmpty();
    }

    [Fact]
    [Trait("Requirement", "P-82")]
    public async Task A_mail_that_was_asked_for_survives_a_restart_and_goes_out_when_the_mail_server_is_there_again()
    {
        await Start(options => options with { Mail = Route(MailReceiverPort.Closed) });
        await Ask(To);
        var page = await _friar.Get("/admin/mail");
        page.Text.ShouldContain(To);
        await Stop();

        await Start();
        _time.Advance(MailDelivery.Lease + MailDelivery.FirstPause);
        (await UntilNow()).ShouldHaveSingleItem().To.ShouldBe([To]);
    }

    [Fact]
    [Trait("Requirement", "P-82")]
    [Trait("Requirement", "P-78")]
    public async Task What_is_refused_for_now_is_tried_again_and_what_is_refused_for_good_is_not()
    {
        var answers = new Queue<string>(["450 later", "451 later still", "250 OK"]);
        _receiver.Recipient = to => to == To ? answers.Dequeue() : to.StartsWith("gone", StringComparison.Ordinal) ? "550 no such mailbox" : "250 OK";
        await Start();
        await Ask(To);
        await Ask("gone@mantua.example");
        (await UntilNow()).ShouldBeEmpty();

        var page = await _friar.Get("/admin/mail");
        page.Text.ShouldContain("550 no such mailbox");
        page.Text.ShouldContain("given up");
        page.Text.ShouldContain("450 later");

        _time.Advance(MailDelivery.FirstPause);
        (await UntilNow()).ShouldBeEmpty();
        answers.Count.ShouldBe(1, "the second try came after a minute");
        _time.Advance(MailDelivery.FirstPause);
        (await UntilNow()).ShouldBeEmpty();
        answers.Count.ShouldBe(1, "the third waits twice as long");
        _time.Advance(MailDelivery.FirstPause);
        (await UntilNow()).ShouldHaveSingleItem().To.ShouldBe([To]);
        (await _friar.Get("/admin/mail")).Text.ShouldNotContain("451");
    }

    [Fact]
    [Trait("Requirement", "P-82")]
    public async Task Who_refuses_us_or_the_mail_has_not_refused_the_address()
    {
        _receiver.Content = to => to == "picky@mantua.example" ? "554 what is this" : "250 taken";
        await Start();
        await Ask("picky@mantua.example");
        (await UntilNow()).ShouldBeEmpty();
        var stored = _server!.Host.Services.GetRequiredService<IMailStore>();
        var picky = (await stored.Troubled(10, TestContext.Current.CancellationToken)).Single(mail => mail.Address == "picky@mantua.example");
        (picky.Error, picky.Due, picky.Refused).ShouldBe(("554 what is this", null, null));

        _receiver.Sender = "550 who are you";
        await Ask(To);
        await Until("550 who are you");
        _receiver.Sender = "250 OK";
        _time.Advance(MailDelivery.FirstPause);
        (await UntilNow()).ShouldHaveSingleItem().To.ShouldBe([To]);
    }

    [Fact]
    [Trait("Requirement", "P-80")]
    public async Task Over_the_net_mail_goes_encrypted_or_not_at_all()
    {
        var (certificate, pem) = MailReceiver.NewCertificate();
        var authority = _data.Write("ca.pem", System.Text.Encoding.ASCII.GetBytes(pem));
        await Start(options => options with { MailAuthority = authority });
        await Ask(To);
        await Until("STARTTLS");

        // Now it offers TLS: the mail that waited comes, and nothing of it in the clear.
        _receiver.Certificate = certificate;
        _time.Advance(MailDelivery.FirstPause);
        var mail = (await UntilNow()).ShouldHaveSingleItem();
        (mail.IsEncrypted, mail.To.Single()).ShouldBe((true, To));
        await Until("Mail can be sent");
    }

    [Theory]
    [InlineData("localhost", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("[::1]", true)]
    [InlineData("10.1.2.3", false)]
    [InlineData("mail.example.org", false)]
    [InlineData("localhost.mail.example.org", false)]
    [Trait("Requirement", "P-80")]
    public void In_the_clear_mail_goes_to_this_machine_alone(string host, bool isThis)
    {
        var smtp = new MailRoute.Smtp(host, 25, IsTlsFirst: false, User: null, IsToken: false);
        new SmtpRoute(new MailOptions(smtp, "noreply@example.org"), smtp).IsThisMachine.ShouldBe(isThis);
        new SmtpRoute(new MailOptions(smtp, "noreply@example.org") { AuthorityFile = "ca.pem" }, smtp).IsThisMachine.ShouldBeFalse();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Requirement", "P-80")]
    public async Task A_certificate_of_somebody_else_is_not_believed(bool namesAuthority)
    {
        await using var receiver = new MailReceiver { Certificate = MailReceiver.NewCertificate().Certificate, IsTlsFirst = !namesAuthority };
        var authority = namesAuthority ? _data.Write("ca.pem", System.Text.Encoding.ASCII.GetBytes(MailReceiver.NewCertificate().Pem)) : null;
        await Start(options => options with { MailAuthority = authority, Mail = new MailRoute.Smtp("localhost", receiver.Port, receiver.IsTlsFirst, User: null, IsToken: false) });
        await Ask(To);
        await Until("not trusted");
        receiver.Clear.ShouldBe(0);
        (await _server!.Web.GetStringAsync($"http://{_server.Host.Addresses.Http[0]}/health")).ShouldContain("the certificate of the mail server is not trusted");
    }

    [Theory]
    [InlineData(false, "postman\0tok-123")]
    [InlineData(true, "user=postman\u0001auth=Bearer tok-123\u0001\u0001")]
    [Trait("Requirement", "P-80")]
    public async Task Who_has_a_user_at_the_mail_server_logs_in_by_password_or_token_and_a_new_one_is_taken_up(bool isToken, string login)
    {
        var (certificate, pem) = MailReceiver.NewCertificate();
        await using var receiver = new MailReceiver { Certificate = certificate, IsTlsFirst = true, Login = login };
        var password = _data.Write("password", "wrong\n"u8.ToArray());
        await Start(options => options with
        {
            Mail = new MailRoute.Smtp("localhost", receiver.Port, IsTlsFirst: true, "postman", isToken),
            MailPasswordFile = password,
            MailAuthority = _data.Write("ca.pem", System.Text.Encoding.ASCII.GetBytes(pem)),
        });
        await Ask(To);
        await Until("does not take user and password");
        File.WriteAllText(password, "tok-123\n");
        _time.Advance(MailDelivery.FirstPause);
        var mail = (await receiver.UntilNow(Fence)).ShouldHaveSingleItem();
        (mail.IsEncrypted, mail.To.Single()).ShouldBe((true, To));
    }

    [Fact]
    [Trait("Requirement", "P-80")]
    public async Task For_trials_each_mail_is_a_file_that_its_owner_alone_reads()
    {
        var folder = Path.Combine(_data.Path, "mails");
        await Start(options => options with { Mail = new MailRoute.Folder(folder) });
        await Ask(To);
        await Until("Everything went out");
        var file = Directory.GetFiles(folder).ShouldHaveSingleItem();
        Path.GetExtension(file).ShouldBe(".eml");
        File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (await MimeKit.MimeMessage.LoadAsync(file)).To.ToString().ShouldBe(To);
    }

    [Fact]
    [Trait("Requirement", "P-82")]
    public async Task To_one_address_no_more_go_than_may_within_an_hour()
    {
        await Start();
        for (var i = 0; i < MailBook.MaxPerHour; i++)
        {
            (await Ask(To)).Status.ShouldBe(HttpStatusCode.SeeOther);
        }

        (await Ask(To)).Status.ShouldBe(HttpStatusCode.TooManyRequests);
        _time.Advance(TimeSpan.FromMinutes(59));
        (await Ask(To)).Status.ShouldBe(HttpStatusCode.TooManyRequests);
        _time.Advance(TimeSpan.FromMinutes(1));

        // An administrator shows the password again after an hour.
        _friar.Token = null;
        await _friar.SignIn("friar", "verona");
        (await Ask(To)).Status.ShouldBe(HttpStatusCode.SeeOther);
    }

    [Fact]
    [Trait("Requirement", "P-82")]
    public void Pauses_between_tries_grow_from_a_minute_to_a_day()
    {
        MailDelivery.PauseAfter(0).ShouldBe(TimeSpan.FromMinutes(1));
        MailDelivery.PauseAfter(3).ShouldBe(TimeSpan.FromMinutes(8));
        MailDelivery.PauseAfter(11).ShouldBe(TimeSpan.FromHours(24));
        MailDelivery.PauseAfter(int.MaxValue).ShouldBe(TimeSpan.FromHours(24));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Without_mail_or_a_place_that_links_lead_to_the_page_says_so_and_sends_nothing(bool hasMail)
    {
        await Start(options => hasMail ? options with { PublicUrl = null } : options with { Mail = null });
        (await _friar.Get("/admin/mail")).Text.ShouldContain("No mail leaves this server");
        var token = WebBrowser.FormToken(await _friar.Get("/me"));
        (await _friar.Post("/admin/mail", [new("__RequestVerificationToken", token), new("address", To)])).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    private MailRoute Route(int port) => new MailRoute.Smtp("localhost", port, IsTlsFirst: false, User: null, IsToken: false);

    private async Task Start(Func<LikenessOptions, LikenessOptions>? change = null)
    {
        _server = await RunningServer.Start(
            _data.Path,
            options =>
            {
                options = options with
                {
                    Chat = options.Chat with { Admins = new HashSet<string> { Friar } },
                    PublicUrl = new Uri("https://faces.example.org/"),
                    Mail = Route(_receiver.Port),
                };
                return change?.Invoke(options) ?? options;
            },
            _time);
        _friar = new WebBrowser(_server);
        if (!(await LikenessProgram.Run("user", "list", "--data", _data.Path)).Output.Contains(Friar, StringComparison.Ordinal))
        {
            (await LikenessProgram.Run("user", "add", Friar, "--password", "verona", "--data", _data.Path)).Code.ShouldBe(0);
        }

        await _friar.SignIn("friar", "verona");
    }

    private async Task Stop()
    {
        if (_server is not null)
        {
            _friar.Dispose();
            await _server.DisposeAsync();
            _server = null;
        }
    }

    private async Task<Answer> Ask(string address)
    {
        var token = WebBrowser.FormToken(await _friar.Get("/admin/mail"));
        return await _friar.Post("/admin/mail", [new("__RequestVerificationToken", token), new("address", address)]);
    }

    private Task<IReadOnlyList<Received>> UntilNow() => _receiver.UntilNow(Fence);

    private async Task Fence(string address) => (await Ask(address)).Status.ShouldBe(HttpStatusCode.SeeOther);

    // What the page says is another task's doing: it is asked again each time the server rests.
    private async Task Until(string text)
    {
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!(await _friar.Get("/admin/mail")).Text.Contains(text, StringComparison.Ordinal))
        {
            await _rests.Reader.ReadAsync(end.Token);
        }
    }
}

internal static class MailReceiverPort
{
    /// <summary>Nobody listens there: a port below those that the system gives away, and of no service.</summary>
    public const int Closed = 1;
}
