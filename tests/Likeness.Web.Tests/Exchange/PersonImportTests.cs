using System.IO.Compression;
using System.Net;
using System.Text;
using Likeness.Accounts;
using Likeness.Cli.Tests;
using Likeness.Limits;
using Likeness.Stores;
using Likeness.Web.Exchange;
using Likeness.Web.Mails;
using Likeness.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Web.Tests.Exchange;

/// <summary>What a person brings along from another Libravatar server, for which nobody vouches.</summary>
[Trait("Requirement", "L-125")]
public sealed class PersonImportTests : MailedPages
{
    private const string Other = "j@capulet.example";
    private static readonly byte[] Main = TestPicture.Waves(120, 2);
    private static readonly byte[] Second = TestPicture.Waves(120, 7);

    [Fact]
    public async Task An_address_shows_nothing_until_it_is_confirmed_by_mail_and_then_its_own_photo()
    {
        var done = await Take(Juliet, Export($"<email photo_id='1'>{JulietsAddress}</email><email photo_id='1'>{Mantua}</email><email photo_id='2'>{Other}</email><email photo_id='None'>none@capulet.example</email>", ("1", Main), ("2", Second)));
        done.Location.ShouldBe("/me/move?photos=2&asked=3&later=0&left=0");
        (await Juliet.Follow(done)).Says("[role=status]").ShouldNotBeNullOrEmpty();
        (await Web(JulietsAddress)).ShouldNotBeNull("her own address shows the main photo, since she showed nothing");
        (await Web(Mantua)).ShouldBeNull();
        (await Web(Other)).ShouldBeNull();
        (await Run("address", "list", JulietsAddress)).Trim().ShouldBe(JulietsAddress);

        var mails = await MailsOf(3);
        foreach (var mail in mails)
        {
            (await Juliet.Submit(await Juliet.Get(mail.Link), mail.Link + "?handler=Address")).Location.ShouldBe("/me/addresses?done=confirmed");
        }

        (await Web(Mantua)).ShouldBe(await Web(JulietsAddress));
        var second = await Web(Other);
        second.ShouldNotBeNull();
        second.ShouldNotBe(await Web(JulietsAddress));
        (await Web("none@capulet.example")).ShouldBeNull("it showed none there");

        // User name and password of the file are nobody's here.
        var browser = Browser();
        (await browser.Submit(await browser.Get("/sign-in"), "/sign-in", ("name", JulietsAddress), ("password", "from there"))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Run("user", "list")).ShouldNotContain("montague");
    }

    [Fact]
    public async Task Mails_go_out_one_after_another_and_no_more_addresses_wait_than_may()
    {
        var addresses = string.Concat(Enumerable.Range(0, 8).Select(number => $"<email photo_id='1'>a{number}@capulet.example</email>"));
        (await Take(Juliet, Export(addresses, ("1", Main)))).Location.ShouldBe($"/me/move?photos=1&asked={MailBook.MaxWaiting}&later=3&left=0");
        var mails = await MailsOf(MailBook.MaxWaiting);
        mails.SelectMany(mail => mail.To).Distinct().Count().ShouldBe(MailBook.MaxWaiting);
        var page = await Juliet.Get("/me/addresses");
        page.Html.QuerySelectorAll("form[action='/me/addresses?handler=Again']").Length.ShouldBe(8);
        (await Again("a7@capulet.example")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity, "so many wait already");

        // Each that is confirmed lets the next one go out; one that is given up does, too.
        (await Juliet.Submit(await Juliet.Get(mails[0].Link), mails[0].Link + "?handler=Address")).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await MailsOf(1)).Single().To.ShouldBe(["a5@capulet.example"]);
        (await Web(mails[0].To.Single())).ShouldNotBeNull();
        await Juliet.Post("/me/addresses?handler=Drop", [new("__RequestVerificationToken", WebBrowser.FormToken(page)), new("address", "a5@capulet.example")]);
        (await Again("a6@capulet.example")).Location.ShouldBe("/me/addresses?done=sent");
        (await MailsOf(1)).Single().To.ShouldBe(["a6@capulet.example"]);

        async Task<Answer> Again(string address) =>
            await Juliet.Post("/me/addresses?handler=Again", [new("__RequestVerificationToken", WebBrowser.FormToken(page)), new("address", address)]);
    }

    [Fact]
    public async Task What_the_person_shows_already_stays_and_somebody_elses_address_too()
    {
        await Juliet.Upload(await Juliet.Get("/me/picture"), "/me/picture", TestPicture.Waves(120, 5));
        var before = await Web(JulietsAddress);
        (await Take(Juliet, Export($"<email photo_id='2'>{RomeosAddress}</email><email photo_id='1'>{Mantua}</email>", ("1", Main), ("2", Second)))).Location.ShouldBe("/me/move?photos=2&asked=2&later=0&left=0");
        (await Web(JulietsAddress)).ShouldBe(before);
        var mails = await MailsOf(2);
        var romeos = mails.Single(mail => mail.To.Contains(RomeosAddress));
        (await Romeo.Submit(await Romeo.Get(romeos.Link), romeos.Link + "?handler=Address")).Status.ShouldBe(HttpStatusCode.Conflict);
        (await Run("address", "list", RomeosAddress)).Trim().ShouldBe(RomeosAddress);
        var hers = mails.Single(mail => mail.To.Contains(Mantua));
        await Juliet.Submit(await Juliet.Get(hers.Link), hers.Link + "?handler=Address");
        (await Web(Mantua)).ShouldNotBeNull();
        (await Web(Mantua)).ShouldNotBe(before, "the photo that it showed there");

        // The same file again asks nobody twice and keeps nothing twice.
        (await Take(Juliet, Export($"<email photo_id='1'>{Mantua}</email>", ("1", Main)))).Location.ShouldBe("/me/move?photos=1&asked=0&later=0&left=0");
        (await Juliet.Get("/me/pictures")).Html.QuerySelectorAll(".album li").Length.ShouldBe(3);

        // And a later one changes neither what she chose for an address nor what she calls a picture.
        var (album, shown) = (Server.Host.Services.GetRequiredService<PictureAlbum>(), await Web(Mantua));
        var picture = (await album.Find(new Identity(JulietsAddress))).Pictures.Single(one => one.Uploaded == PictureId.Of(Second));
        await album.Describe(new Identity(JulietsAddress), picture.Source.Id, "on the balcony", alt: null);
        (await Take(Juliet, Export($"<email photo_id='2'>{Mantua}</email>", ("2", Second)))).Location.ShouldBe("/me/move?photos=1&asked=0&later=0&left=0");
        (await Web(Mantua)).ShouldBe(shown);
        (await Juliet.Get("/me/pictures")).Text.ShouldContain("on the balcony");
    }

    [Fact]
    public async Task An_address_follows_the_portrait_that_it_showed_there_and_one_without_a_photo_shows_none()
    {
        await Take(Juliet, Export($"<email photo_id='1'>{Mantua}</email><email>{Other}</email>", ("1", Main)));
        await Confirm(Mantua, Other);
        (await Web(Mantua)).ShouldNotBeNull();
        (await Web(Other)).ShouldBeNull("the only photo is another address's");
        await Juliet.Upload(await Juliet.Get("/me/picture"), "/me/picture", Second);
        (await Web(Mantua)).ShouldBe(await Web(JulietsAddress));

        // A file without photos says nothing about what is shown.
        (await Take(Juliet, Export("<email>third@capulet.example</email>"))).Location.ShouldBe("/me/move?photos=0&asked=1&later=0&left=0");
        await Confirm("third@capulet.example");
        (await Web("third@capulet.example")).ShouldBe(await Web(JulietsAddress));
        (await Server.Host.Services.GetRequiredService<IDocumentStore>().Find(new Identity(JulietsAddress), "imported-addresses", "", TestContext.Current.CancellationToken)).ShouldBeNull("nothing is kept of a file that is through");

        async Task Confirm(params string[] addresses)
        {
            Time.Advance(PersonImport.Pace);
            foreach (var mail in (await AllUntilNow()).Where(mail => addresses.Contains(mail.To.Single())))
            {
                (await Juliet.Submit(await Juliet.Get(mail.Link), mail.Link + "?handler=Address")).Status.ShouldBe(HttpStatusCode.SeeOther);
            }
        }
    }

    [Fact]
    public async Task No_more_addresses_wait_than_one_file_has_and_what_no_mail_reaches_is_left_out()
    {
        var many = string.Concat(Enumerable.Range(0, PersonImport.MaxAddresses).Select(number => $"<email>a{number}@capulet.example</email>"));
        (await Take(Juliet, Export(many))).Location.ShouldBe($"/me/move?photos=0&asked={MailBook.MaxWaiting}&later={PersonImport.MaxAddresses - MailBook.MaxWaiting}&left=0");
        (await Take(Juliet, Export($"<email>{Mantua}</email>"))).Location!.ShouldEndWith("&left=1");
        (await Take(Romeo, Export("<openid>https://montague.example/</openid>"))).Location.ShouldBe("/me/move?photos=0&asked=0&later=0&left=1");
    }

    [Fact]
    public async Task An_address_whose_mail_is_refused_or_too_old_makes_room_and_is_not_asked_again_by_itself()
    {
        Mails.Recipient = to => to.StartsWith("gone", StringComparison.Ordinal) ? "550 no such mailbox" : "250 OK";
        (await Take(Juliet, Export(Five("gone")))).Location.ShouldBe("/me/move?photos=0&asked=5&later=0&left=0");
        await MailsOf(0);
        (await Take(Juliet, Export(Five("a")))).Location.ShouldBe("/me/move?photos=0&asked=5&later=0&left=0");
        Time.Advance(MailBook.AddressLifetime);
        var later = await Browser(JulietsAddress, Password);
        (await Take(later, Export("<email>b@capulet.example</email>"))).Location.ShouldBe("/me/move?photos=0&asked=1&later=0&left=0");

        static string Five(string name) => string.Concat(Enumerable.Range(0, MailBook.MaxWaiting).Select(number => $"<email>{name}{number}@capulet.example</email>"));
    }

    [Fact]
    public async Task A_client_that_asked_for_many_mails_leads_to_few_more_and_who_was_asked_by_hand_is_not_asked_twice()
    {
        await Juliet.Submit(await Juliet.Get("/me/addresses"), "/me/addresses?handler=Add", ("address", Mantua));
        var book = Server.Host.Services.GetRequiredService<MailBook>();
        for (var asked = 1; asked < MailBook.PerClient.Permits - 2; asked++)
        {
            book.Take(ClientKey.Of(IPAddress.Loopback)).ShouldBe(TimeSpan.Zero);
        }

        (await Take(Juliet, Export($"<email>a@capulet.example</email><email>{Mantua}</email><email>b@capulet.example</email><email>c@capulet.example</email>"))).Location.ShouldBe("/me/move?photos=0&asked=2&later=2&left=0");
        (await MailsOf(3)).Select(mail => mail.To.Single()).Order().ShouldBe(["a@capulet.example", "b@capulet.example", Mantua]);
    }

    [Fact]
    public async Task Where_mail_goes_out_no_more_nobody_else_is_asked()
    {
        var addresses = string.Concat(Enumerable.Range(0, 8).Select(number => $"<email>a{number}@capulet.example</email>"));
        await Take(Juliet, Export(addresses));
        var link = (await MailsOf(MailBook.MaxWaiting))[0].Link;
        await Server.DisposeAsync();
        Server = await Cli.Tests.Serving.RunningServer.Start(Data.Path, options => Change(options) with { Mail = null }, Time);
        var browser = Browser();
        (await browser.Submit(await browser.Get(link), link + "?handler=Address")).Location.ShouldBe("/mail/confirmed");
        var waiting = await Server.Host.Services.GetRequiredService<PersonImport>().Waiting(new Identity(JulietsAddress), TestContext.Current.CancellationToken);
        (waiting.Count, waiting.Count(one => one.IsAsked)).ShouldBe((7, MailBook.MaxWaiting - 1));
    }

    [Fact]
    public async Task What_is_no_export_is_refused_and_what_is_no_picture_left_out()
    {
        var page = await Juliet.Get("/me/move");
        page.Status.ShouldBe(HttpStatusCode.OK);
        (await Juliet.Submit(page, "/me/move")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity, "no file at all");
        foreach (var file in new[] { "no export"u8.ToArray(), Packed("<users/>"), Packed("<!DOCTYPE user [<!ENTITY a 'b'>]><user xmlns='https://www.libravatar.org/schemas/export/0.2'/>"), Packed(new string(' ', (int)PersonImport.MaxUnfolded + 1)) })
        {
            (await Take(Juliet, file)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        }

        (await Take(Juliet, Export($"<email photo_id='1'>{Mantua}</email>", ("1", "no picture"u8.ToArray())))).Location.ShouldBe("/me/move?photos=0&asked=1&later=0&left=1");
        (await Web(JulietsAddress)).ShouldBeNull();
    }

    [Fact]
    [Trait("Requirement", "P-11")]
    public async Task It_is_for_the_owner_who_showed_the_password_within_minutes()
    {
        var page = await Juliet.Get("/me/move");
        Time.Advance(WebSessions.Fresh);
        (await Juliet.Get("/me/move")).Location!.ShouldStartWith("/sign-in?");
        (await Juliet.UploadAs("export", page, "/me/move", Export($"<email>{Mantua}</email>"))).Location!.ShouldStartWith("/sign-in?");
        (await AllUntilNowBy(await Browser(RomeosAddress, Password))).ShouldBeEmpty();
    }

    private static async Task<Answer> Take(WebBrowser browser, byte[] file) => await browser.UploadAs("export", await browser.Get("/me/move"), "/me/move", file);

    // Mails that a file leads to are due one after another.
    private async Task<IReadOnlyList<Received>> MailsOf(int count)
    {
        Time.Advance(PersonImport.Pace * MailBook.MaxWaiting);
        var mails = await AllUntilNow();
        mails.Count.ShouldBe(count);
        return mails;
    }

    private async Task<IReadOnlyList<Received>> AllUntilNowBy(WebBrowser romeo) => await Mails.UntilNow(async fence => await romeo.Submit(await romeo.Get("/admin/mail"), "/admin/mail", ("address", fence)));

    private static byte[] Export(string emails, params (string Id, byte[] Photo)[] photos) => Packed($"""
        <?xml version="1.0" encoding="UTF-8"?><user xmlns="https://www.libravatar.org/schemas/export/0.2">
        <account username="montague" password="from there"/><emails>{emails}</emails><openids/>
        <photos>{string.Concat(photos.Select(photo => $"<photo id=\"{photo.Id}\" encoding=\"base64\" format=\"png\">{Convert.ToBase64String(photo.Photo)}</photo>"))}</photos></user>
        """);

    private static byte[] Packed(string text)
    {
        using var file = new MemoryStream();
        using (var packed = new GZipStream(file, CompressionLevel.Fastest))
        {
            packed.Write(Encoding.UTF8.GetBytes(text));
        }

        return file.ToArray();
    }
}
