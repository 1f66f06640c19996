using Likeness.Imaging;
using Likeness.Libravatar;

namespace Likeness.Server.Administration;

/// <summary>Gives a person a picture: checked, turned upright, squared, stripped of metadata; a large master for the web and a small PNG for chats.</summary>
public sealed record SetAvatar(string Address, byte[] Bytes) : Operation
{
    public override async Task<Answer> Run(Workplace workplace, CancellationToken cancellation)
    {
        var address = PortraitAddress.Read(Address);
        var owner = await PortraitAddress.Owner(address, workplace.Stores.Portraits, cancellation);
        var (picture, master) = await Normalise(workplace, cancellation);
        await Register(owner, address, workplace, cancellation);
        var portrait = await workplace.Book.Set(owner, new NewPortrait { Picture = picture, Master = master, Origin = Origin.Command }, cancellation);
        return new Answer { Text = $"{address} shows {portrait.Picture!.Id} now." };
    }

    private static async Task Register(Identity owner, Address address, Workplace workplace, CancellationToken cancellation)
    {
        var known = await workplace.Stores.Portraits.Addresses(owner, cancellation);
        if (!known.Contains(address.Text))
        {
            await workplace.Stores.Portraits.AddAddress(owner, address.Text, address.Hashes, cancellation);
            workplace.AddressesChanged();
        }
    }

    private async Task<(Picture Picture, Picture Master)> Normalise(Workplace workplace, CancellationToken cancellation)
    {
        try
        {
            workplace.Gate.Inspect(Bytes);
            var master = await workplace.Renderer.Render(RenderRequest.Master(Bytes), cancellation);
            var small = await workplace.Renderer.Render(RenderRequest.InBand(master.Bytes), cancellation);
            return (PictureOf(small), PictureOf(master));
        }
        catch (Exception exception) when (exception is ImageRefusedException or RenderUnavailableException)
        {
            throw new OperationRefusedException(exception.Message, exception);
        }
    }

    private static Picture PictureOf(RenderedImage image) =>
        Picture.Of(image.Bytes, image.Format.MediaType(), image.Width, image.Height);
}
