// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace TokenLedger.Explorer.Tests.Web;

[Collection(BusySite.Name)]
public sealed class SearchPageTests(BusySite busy)
{
    [Theory]
    [InlineData("12")]
    [InlineData("۱۲")]
    [InlineData("١٢")]
    [InlineData("0,012")]
    public async Task Search_NumberInAnyDigits_LeadsToTheBlock(string typed)
    {
        using HttpResponseMessage answer = await busy.Host.Http.GetAsync(
            new Uri("/ur/search?q=" + Uri.EscapeDataString(typed), UriKind.Relative));
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.StartsWith("/ur/block/12", answer.Headers.Location!.ToString(), StringComparison.Ordinal);
    }
}
