using System.Collections.Immutable;
using Likeness.Server.Options;
using Likeness.Web.Mails;

namespace Likeness.Cli.Tests.Options;

[Trait("Requirement", "P-80")]
public sealed class MailOptionTests : IDisposable
{
    private readonly TemporaryDirectory _data = new();

    public void Dispose() => _data.Dispose();

    [Theory]
    [InlineData("smtp://mail.example.org", "mail.example.org", 587, false, null, false)]
    [InlineData("smtps://mail.example.org", "mail.example.org", 465, true, null, false)]
    [InlineData("smtp://localhost:25", "localhost", 25, false, null, false)]
    [InlineData("smtps://likeness%40example.org@mail.example.org:4650/", "mail.example.org", 4650, true, "likeness@example.org", false)]
    [InlineData("smtp://me+you@mail.example.org?auth=xoauth2", "mail.example.org", 587, false, "me+you", true)]
    public void A_mail_server_is_a_URL(string text, string host, int port, bool isTlsFirst, string? user, bool isToken) =>
        Read(("mail", text), ("mail-password-file", _data.Write("password", "secret"u8.ToArray()))).Mail.ShouldBe(new MailRoute.Smtp(host, port, isTlsFirst, user, isToken));

    [Fact]
    public void A_folder_takes_mails_for_trials_and_off_none()
    {
        Read(("mail", "file:" + _data.Path)).Mail.ShouldBe(new MailRoute.Folder(_data.Path));
        Read(("mail", "off")).Mail.ShouldBeNull();
    }

    [Theory]
    [InlineData("mail.example.org")]
    [InlineData("https://mail.example.org")]
    [InlineData("smtp://")]
    [InlineData("smtp://mail.example.org/inbox")]
    [InlineData("smtp://mail.example.org?auth=login")]
    [InlineData("file:")]
    [InlineData("file:///var/mail")]
    [InlineData("on")]
    public void What_is_none_is_refused(string text) => Problems(("mail", text)).ShouldHaveSingleItem().Key.ShouldBe("mail");

    [Fact]
    public void A_password_in_the_URL_is_refused_and_not_said_again()
    {
        var problem = Problems(("mail", "smtp://me:opensesame@mail.example.org")).ShouldHaveSingleItem();
        problem.Text.ShouldContain("mail-password-file");
        problem.ToString().ShouldNotContain("opensesame");
    }

    [Fact]
    public void A_user_wants_a_password_and_links_a_public_URL()
    {
        Problems(("mail", "smtp://me@mail.example.org")).ShouldHaveSingleItem().Key.ShouldBe("mail-password-file");
        Should.Throw<OptionsRefusedException>(() => OptionReader.Read(new LikenessOptions { DataDirectory = _data.Path }, Said(("mail", "smtp://mail.example.org"))))
            .Problems.ShouldHaveSingleItem().Text.ShouldContain("public-url");
    }

    [Theory]
    [InlineData("likeness@example.org", true)]
    [InlineData("Likeness <likeness@example.org>", false)]
    [InlineData("likeness@example.org\r\nBcc: me@example.org", false)]
    public void A_sender_is_one_mailbox(string text, bool isOne)
    {
        if (isOne)
        {
            Read(("mail-from", text)).MailFrom.ShouldBe(text);
        }
        else
        {
            Problems(("mail-from", text)).ShouldHaveSingleItem().Key.ShouldBe("mail-from");
        }
    }

    private static OptionSource Said(params (string Key, string Value)[] values) =>
        new("flags", values.ToImmutableDictionary(pair => pair.Key, pair => ImmutableArray.Create(pair.Value)));

    private LikenessOptions Read(params (string Key, string Value)[] values) =>
        OptionReader.Read(new LikenessOptions { DataDirectory = _data.Path }, Said([.. values, ("public-url", "https://faces.example.org")]));

    private ImmutableArray<OptionProblem> Problems(params (string Key, string Value)[] values) => Should.Throw<OptionsRefusedException>(() => Read(values)).Problems;
}
