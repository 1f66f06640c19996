using Likeness.Server.Options;
using Likeness.Web.Mails;

namespace Likeness.Web.Tests.Hosting;

/// <summary>As <see cref="PagesOfPeople"/>, where mail goes out to a mail server that shows it.</summary>
public abstract class MailedPages : PagesOfPeople
{
    protected const string Site = "https://faces.example.org";

    /// <summary>Juliet's mailbox.</summary>
    protected const string Mantua = "juliet@mantua.example";

    private protected MailReceiver Mails { get; } = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Mails.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected override LikenessOptions Change(LikenessOptions options) => options with
    {
        PublicUrl = new Uri(Site),
        Mail = new MailRoute.Smtp("localhost", Mails.Port, IsTlsFirst: false, User: null, IsToken: false),
        Chat = options.Chat with { Admins = new HashSet<string> { RomeosAddress } },
    };

    /// <summary>From now on mail goes to Juliet's mailbox.</summary>
    private protected Task ConfirmMantua() => Run("address", "add", JulietsAddress, Mantua, "--trust-addresses");

    /// <summary>Every mail that was asked for before this.</summary>
    private protected Task<IReadOnlyList<Received>> AllUntilNow() =>
        Mails.UntilNow(async fence => (await Romeo.Submit(await Romeo.Get("/admin/mail"), "/admin/mail", ("address", fence))).Status.ShouldBe(System.Net.HttpStatusCode.SeeOther));
}
