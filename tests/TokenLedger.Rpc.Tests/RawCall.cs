// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;

namespace TokenLedger.Rpc.Tests;

/// <summary>A call as bytes over HTTP/2, for what no well-behaved client sends.</summary>
internal sealed class RawCall(Uri address) : IDisposable
{
    private readonly HttpClient _http = new();

    public sealed record Answer(
        HttpStatusCode Http, string? Status, HttpResponseHeaders Headers, byte[] Body);

    public static byte[] Frame(byte flag, byte[] payload)
    {
        var frame = new byte[5 + payload.Length];
        frame[0] = flag;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), payload.Length);
        payload.CopyTo(frame, 5);
        return frame;
    }

    public static byte[] Frame(IMessage message) => Frame(0, message.ToByteArray());

    public static byte[] Gzip(byte[] bytes)
    {
        var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.SmallestSize))
        {
            gzip.Write(bytes);
        }

        return output.ToArray();
    }

    public async Task<Answer> PostAsync(
        string path,
        byte[] body,
        string contentType = "application/grpc",
        params (string Key, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.TryAddWithoutValidation("content-type", contentType);
        request.Headers.TryAddWithoutValidation("te", "trailers");
        foreach (var (key, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(key, value);
        }

        using var response = await _http.SendAsync(request).WaitAsync(TimeSpan.FromSeconds(20));
        var content = await response.Content.ReadAsByteArrayAsync().WaitAsync(TimeSpan.FromSeconds(20));
        var status = response.Headers.TryGetValues("grpc-status", out var early) ||
            response.TrailingHeaders.TryGetValues("grpc-status", out early)
            ? early.Single()
            : null;
        return new Answer(response.StatusCode, status, response.Headers, content);
    }

    public void Dispose() => _http.Dispose();
}
