// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Grpc.Core;

namespace TokenLedger.Rpc.Tests;

/// <summary>The small encodings and the values that users hold.</summary>
public sealed class WireTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("plain text", "plain text")]
    [InlineData("100 %", "100 %25")]
    [InlineData("a\nb\r", "a%0Ab%0D")]
    [InlineData("é€", "%C3%A9%E2%82%AC")]
    public void StatusMessage_AnyText_RoundTrips(string text, string encoded)
    {
        Assert.Equal(encoded, StatusMessage.Encode(text));
        Assert.Equal(text, StatusMessage.Decode(encoded));
    }

    [Theory]
    [InlineData("%", "%")]
    [InlineData("%4", "%4")]
    [InlineData("%zz%41", "%zzA")]
    [InlineData("%ff", "\ufffd")]
    public void StatusMessageDecode_Malformed_StandsForItself(string encoded, string text) =>
        Assert.Equal(text, StatusMessage.Decode(encoded));

    [Fact]
    public void StatusMessage_Long_IsCut() =>
        Assert.Equal(StatusMessage.MaxChars, StatusMessage.Encode(new string('a', 100_000)).Length);

    [Theory]
    [InlineData("1n", 0)]
    [InlineData("250u", 2_500)]
    [InlineData("300m", 3_000_000)]
    [InlineData("5S", 50_000_000)]
    [InlineData("2M", 1_200_000_000)]
    [InlineData("1H", 36_000_000_000)]
    [InlineData("99999999H", 24L * 36_000_000_000 * 24)]
    public void Timeout_Valid_IsRead(string text, long ticks)
    {
        Assert.True(WireHeaders.TryParseTimeout(text, out var timeout));
        Assert.Equal(ticks, timeout.Ticks);
    }

    [Theory]
    [InlineData(0, "1m")]
    [InlineData(1, "1m")]
    [InlineData(10_001, "2m")]
    [InlineData(10_000L * 99_999_999, "99999999m")]
    [InlineData(10_000L * 100_000_000, "100000S")]
    [InlineData((10_000L * 100_000_000) + 1, "100001S")]
    [InlineData(long.MaxValue / 2, "99999999S")]
    public void Timeout_Written_IsNotShorter(long ticks, string text) =>
        Assert.Equal(text, WireHeaders.FormatTimeout(new TimeSpan(ticks)));

    [Fact]
    public void Metadata_Keys_AreLowerCaseAndFoundInAnyCase()
    {
        var metadata = new Metadata { { "X-Key", "1" }, { "x-key", "2" }, { "X-Bytes-bin", [1] } };
        Assert.Equal("2", metadata.GetValue("X-KEY"));
        Assert.Equal(["1", "2"], metadata.GetAll("x-key").Select(entry => entry.Value));
        Assert.Equal([1], metadata.GetValueBytes("x-bytes-bin"));
        Assert.Null(metadata.Get("x-other"));
    }

    [Theory]
    [InlineData("", "v")]
    [InlineData("a b", "v")]
    [InlineData("ключ", "v")]
    [InlineData("key-bin", "v")]
    [InlineData("key", "line\nbreak")]
    [InlineData("key", "ü")]
    public void MetadataEntry_Invalid_IsRefused(string key, string value) =>
        Assert.ThrowsAny<ArgumentException>(() => new Metadata.Entry(key, value));

    [Fact]
    public void MetadataEntry_Bytes_AreCopied()
    {
        byte[] bytes = [1, 2];
        var entry = new Metadata.Entry("k-bin", bytes);
        bytes[0] = 9;
        entry.ValueBytes[1] = 9;
        Assert.Equal([1, 2], entry.ValueBytes);
        Assert.Throws<InvalidOperationException>(() => entry.Value);
        Assert.Throws<ArgumentException>(() => new Metadata.Entry("k", bytes));
        Assert.Throws<InvalidOperationException>(() => Metadata.Empty.Add(entry));
    }

    [Theory]
    [InlineData("AAE", new byte[] { 0, 1 })]
    [InlineData("AAE=", new byte[] { 0, 1 })]
    [InlineData("", new byte[0])]
    public void Metadata_BinaryFromWire_PaddedOrNot(string text, byte[] bytes)
    {
        var metadata = new Metadata();
        WireHeaders.AddTo(metadata, "X-K-bin", text);
        Assert.Equal(bytes, metadata.GetValueBytes("x-k-bin"));
    }

    [Fact]
    public void Metadata_FromWire_SplitsBinaryAndSkipsReserved()
    {
        var metadata = new Metadata();
        WireHeaders.AddTo(metadata, "k-bin", "AA, AQ==");
        WireHeaders.AddTo(metadata, "grpc-status", "0");
        WireHeaders.AddTo(metadata, "te", "trailers");
        WireHeaders.AddTo(metadata, "text", "ü\u0001");
        Assert.Equal([0, 1], metadata.GetAll("k-bin").Select(entry => (int)entry.ValueBytes[0]));
        Assert.Equal("??", metadata.GetValue("text"));
        Assert.Equal(3, metadata.Count);
    }

    [Fact]
    public void Options_OutOfRange_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new RpcServerOptions { MaxReceiveMessageBytes = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new RpcServerOptions { MaxSendMessageBytes = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new RpcServerOptions { MaxDeadline = TimeSpan.Zero });
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new RpcChannelOptions { ConnectTimeout = TimeSpan.Zero });
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new RpcChannelOptions { DefaultDeadline = TimeSpan.FromDays(25) });
        Assert.Throws<ArgumentException>(() => RpcChannel.ForAddress("ftp://localhost"));
        Assert.Throws<ArgumentException>(() => RpcChannel.ForAddress("http://localhost/path"));
    }

    [Fact]
    public void Numbers_OfStatusCodes_AreThoseOfTheProtocol() => Assert.Equal(
        "0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16",
        string.Join(
            ' ', Enum.GetValues<StatusCode>().Select(c => ((int)c).ToString(CultureInfo.InvariantCulture))));
}
