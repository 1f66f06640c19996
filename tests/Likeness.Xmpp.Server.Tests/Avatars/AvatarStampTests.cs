using Likeness.Xmpp.Server.Avatars;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Tests.Avatars;

public sealed class AvatarStampTests
{
    private static readonly PictureInfo Picture = new(new PictureId("58a8ca82092f68cfa7768eb2c097879aa6bdc556"), "image/png", 1, 1, 69);
    private static readonly Portrait Shown = new() { Identity = new Identity("juliet@localhost"), Picture = Picture };

    [Fact]
    public void A_presence_that_is_right_already_is_passed_on_uncopied()
    {
        var presence = new Element("presence", Ns.Client)
            .Add(new Element("x", Ns.VCardUpdate).Add("photo", Picture.Id.Hex));

        AvatarStamp.Of(Shown, isVisible: true).Apply(presence).ShouldBeSameAs(presence);
    }

    [Fact]
    [Trait("Requirement", "X398-32")]
    public void Stamping_leaves_the_presence_it_was_given_untouched()
    {
        var presence = new Element("presence", Ns.Client).Add(new Element("x", Ns.VCardUpdate));

        var stamped = AvatarStamp.Of(Shown, isVisible: true).Apply(presence);

        presence.ToString().ShouldBe("<presence><x xmlns='vcard-temp:x:update'/></presence>");
        stamped.ToString().ShouldBe($"<presence><x xmlns='vcard-temp:x:update'><photo>{Picture.Id}</photo></x></presence>");
    }

    [Fact]
    public void Whoever_may_not_see_the_portrait_is_told_nothing_rather_than_that_there_is_none()
    {
        AvatarStamp.Of(Shown, isVisible: false).X.ToString().ShouldBe("<x xmlns='vcard-temp:x:update'/>");
        AvatarStamp.Of(Shown with { Picture = null }, isVisible: false).X.ToString().ShouldBe("<x xmlns='vcard-temp:x:update'><photo/></x>");
    }

    [Fact]
    public void Two_stamps_of_the_same_picture_say_the_same()
    {
        var later = AvatarStamp.Of(Shown with { Version = 9, MetadataAccess = AccessModel.Open }, isVisible: true);

        AvatarStamp.Of(Shown, isVisible: true).SaysTheSameAs(later).ShouldBeTrue();
        AvatarStamp.Of(Shown, isVisible: true).SaysTheSameAs(AvatarStamp.Removed).ShouldBeFalse();
    }
}
