// SPDX-License-Identifier: Apache-2.0
using System.Net;
using TokenLedger.Explorer.Web;

namespace TokenLedger.Explorer.Tests.Web;

public sealed class PlacesTests
{
    private static readonly IPAddress One = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress Other = IPAddress.Parse("192.0.2.2");

    [Fact]
    public void TryTake_BeyondWhatOneMayHave_LeavesTheOthersTheirs()
    {
        var places = new Places(3, 2);
        IDisposable first = places.TryTake(One)!;
        Assert.NotNull(places.TryTake(One));
        Assert.Null(places.TryTake(One));
        Assert.NotNull(places.TryTake(Other));
        Assert.Null(places.TryTake(Other));
        Assert.Null(places.TryTake(null));
        first.Dispose();
        first.Dispose();
        Assert.NotNull(places.TryTake(null));
        Assert.Null(places.TryTake(One));
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::")]
    public void Of_AnAddress_IsTheReader(string address, string reader) =>
        Assert.Equal(IPAddress.Parse(reader), Readers.Of(IPAddress.Parse(address)));
}
