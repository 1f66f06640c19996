using System.Net;
using Likeness.Imaging;

namespace Likeness.Http.Renditions;

/// <summary>How a picture is wanted, and by whom.</summary>
/// <param name="Size">Pixels, both ways.</param>
/// <param name="Format">Null: as it is stored; PNG for faces.</param>
/// <param name="Client">Whose renders are counted; null: nobody's.</param>
public readonly record struct RenditionWish(int Size, ImageFormat? Format, IPAddress? Client);
