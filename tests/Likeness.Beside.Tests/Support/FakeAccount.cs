using Likeness.Xmpp;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Xml;

namespace Likeness.Beside.Tests.Support;

/// <summary>What a fake chat server keeps of one person. A node that is null is not there.</summary>
internal sealed class FakeAccount
{
    public Element? Metadata { get; set; }

    public Dictionary<string, byte[]> Data { get; } = new(StringComparer.Ordinal);

    public Element VCard { get; set; } = new("vCard", Ns.VCard);

    public string? MetadataAccess { get; set; }

    public string? DataAccess { get; set; }

    /// <summary>Nobody makes a vCard of what is published.</summary>
    public bool KeepsVCard { get; set; }

    public bool IsMember { get; set; }

    public bool IsSubscribed { get; set; }

    /// <summary>The id that the metadata names; empty: none; null: there is no item.</summary>
    public string? Shown => Metadata is null ? null : Xep0084UserAvatar.ReadMetadata(Metadata) is [var info, ..] ? info.Id : "";

    /// <summary>The person's client publishes a picture.</summary>
    public string Publish(byte[] picture, string access = "open")
    {
        var id = Xep0084UserAvatar.IdOf(picture);
        Data.Clear();
        Data[id] = picture;
        Metadata = Xep0084UserAvatar.Metadata(new AvatarInfo(id, "image/png", picture.Length, 64, 64));
        (MetadataAccess, DataAccess) = (access, access);
        VCard = Xep0054VCard.WithPhoto(VCard, picture, "image/png");
        return id;
    }

    /// <summary>The person's client takes the picture away.</summary>
    public void Clear()
    {
        Metadata = Xep0084UserAvatar.Metadata();
        VCard = Xep0054VCard.WithPhoto(VCard, null, null);
    }
}
