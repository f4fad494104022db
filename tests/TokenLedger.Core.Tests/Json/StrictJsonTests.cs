// SPDX-License-Identifier: Apache-2.0
using System.Text;
using TokenLedger.Core.Json;
using TokenLedger.Core.Ledger;

namespace TokenLedger.Core.Tests.Json;

public sealed class StrictJsonTests
{
    [Fact]
    public void Read_UnknownKey_NamesPlaceAndNearestKey()
    {
        StrictJsonException e = Refused("""{"a":{"capp":"1","cap":"2"}}""", root => root.Object(o =>
            o.Required("a").Object(inner => inner.Required("cap").Amount())));
        Assert.Equal("$.a", e.Path);
        Assert.Contains("\"capp\"", e.Found, StringComparison.Ordinal);
        Assert.Contains("\"cap\" (did you mean it?)", e.Expected, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_UnknownKeyLikeNoOther_ListsTheKnownOnes()
    {
        StrictJsonException e = Refused("""{"cap":"1","colour":"red"}""", root => root.Object(o =>
            o.Required("cap").Amount()));
        Assert.Equal("one of cap", e.Expected);
    }

    [Fact]
    public void Read_MisspeltRequiredKey_SuggestsIt()
    {
        StrictJsonException e = Refused("""{"decimls":2}""", root => root.Object(o =>
            o.Required("decimals").Number(0, 18)));
        Assert.Contains("\"decimls\"", e.Found, StringComparison.Ordinal);
        Assert.Contains("\"decimals\"", e.Expected, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_MissingKey_NamesIt()
    {
        StrictJsonException e = Refused("{}", root => root.Object(o => o.Required("time").Time()));
        Assert.Equal("no key \"time\"", e.Found);
    }

    [Fact]
    public void Read_RepeatedKey_IsRefused()
    {
        StrictJsonException e = Refused("""{"a":1,"\u0061":2}""", root => root.Object(o =>
            o.Required("a").Number(0, 9)));
        Assert.Contains("twice", e.Found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("12.5")]
    [InlineData("\"12.5\"")]
    [InlineData("\"-1\"")]
    [InlineData("\"+1\"")]
    [InlineData("\"007\"")]
    [InlineData("\"1e3\"")]
    [InlineData("\" 1\"")]
    [InlineData("\"\"")]
    [InlineData("7")]
    [InlineData("null")]
    [InlineData("\"340282366920938463463374607431768211456\"")]
    public void Amount_NotACanonicalDecimalString_IsRefused(string json) =>
        Refused(json, root => root.Amount());

    [Fact]
    public void Amount_Largest_IsRead() => Assert.Equal(
        UInt128.MaxValue, Read("\"340282366920938463463374607431768211455\"", root => root.Amount()).Units);

    [Theory]
    [InlineData("1.0")]
    [InlineData("1e1")]
    [InlineData("-1")]
    [InlineData("101")]
    [InlineData("\"5\"")]
    [InlineData("true")]
    [InlineData("18446744073709551616")]
    public void Number_NotWholeOrOutOfRange_IsRefused(string json) =>
        Refused(json, root => root.Number(0, 100));

    [Theory]
    [InlineData("\"0xAbcdefabcdefabcdefabcdefabcdefabcdefabcd\"")]
    [InlineData("\"abcdefabcdefabcdefabcdefabcdefabcdefabcd\"")]
    [InlineData("\"0xabcd\"")]
    public void Address_NotMachineForm_IsRefused(string json) => Refused(json, root => root.Address());

    [Theory]
    [InlineData("\"2027-02-29\"")]
    [InlineData("\"1969-12-31\"")]
    [InlineData("\"2027-2-1\"")]
    [InlineData("\"2027-02-01T00:00:00Z\"")]
    public void Date_NotADay_IsRefused(string json) => Refused(json, root => root.Date());

    [Fact]
    public void Date_Day_IsItsMidnight() =>
        Assert.Equal(951_782_400_000UL, Read("\"2000-02-29\"", root => root.Date()).Value);

    [Fact]
    public void Time_WithAndWithoutMilliseconds_IsRead()
    {
        Assert.Equal(1_500UL, Read("\"1970-01-01T00:00:01.500Z\"", root => root.Time()).Value);
        Assert.Equal(1_000UL, Read("\"1970-01-01T00:00:01Z\"", root => root.Time()).Value);
        Refused("\"1970-01-01T00:00:01+00:00\"", root => root.Time());
    }

    [Fact]
    public void Name_Misspelt_SuggestsTheNearest()
    {
        StrictJsonException e = Refused("\"treasury_bil\"", root => root.Name<AssetClass>());
        Assert.Contains("did you mean treasury_bill?", e.Message, StringComparison.Ordinal);
        Refused("\"3\"", root => root.Name<AssetClass>());
        Refused("\"TreasuryBill\"", root => root.Name<AssetClass>());
    }

    [Fact]
    public void Name_EachValue_RoundTrips()
    {
        foreach (DayCount value in Enum.GetValues<DayCount>())
        {
            Assert.Equal(value, Read($"\"{SnakeCase.Of(value)}\"", root => root.Name<DayCount>()));
        }
    }

    [Theory]
    [InlineData("{\"a\":1,}")]
    [InlineData("[1] // one")]
    [InlineData("")]
    [InlineData("[1][2]")]
    [InlineData("[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]")]
    public void Read_NotStrictJson_IsRefused(string json) =>
        Refused(json, root => root.List(9, item => item));

    [Fact]
    public void Read_NotUtf8_IsRefused()
    {
        byte[] bytes = [(byte)'"', 0xC3, (byte)'"'];
        StrictJsonException e = Assert.Throws<StrictJsonException>(() =>
            StrictJson.Read(bytes, 100, root => root.Text(10)));
        Assert.Contains("UTF-8", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"\\ud800\"")]
    [InlineData("{\"\\ud800\":1}")]
    public void Read_HalfASurrogatePair_IsRefused(string json)
    {
        Refused(json, root => json[0] == '{'
            ? root.Object(static o => o.Required("a").Text(10))
            : root.Text(10));
    }

    [Fact]
    public void Read_TooLong_IsRefused() => Assert.Throws<StrictJsonException>(() =>
        StrictJson.Read(Encoding.UTF8.GetBytes("\"abcdef\""), 7, root => root.Text(10)));

    [Fact]
    public void Text_LimitIsInBytes_NotCharacters()
    {
        Assert.Equal("قرض", Read("\"قرض\"", root => root.Text(6)));
        Refused("\"قرض\"", root => root.Text(5));
    }

    [Fact]
    public void List_ErrorInItem_NamesItsIndex()
    {
        StrictJsonException e = Refused("[1,2,\"x\"]", root => root.List(3, item => item.Number(0, 9)));
        Assert.Equal("$[2]", e.Path);
        Refused("[1,2,3,4]", root => root.List(3, item => item.Number(0, 9)));
    }

    private static T Read<T>(string json, Func<StrictValue, T> read) =>
        StrictJson.Read(Encoding.UTF8.GetBytes(json), 10_000, read);

    private static StrictJsonException Refused<T>(string json, Func<StrictValue, T> read) =>
        Assert.Throws<StrictJsonException>(() => Read(json, read));
}
