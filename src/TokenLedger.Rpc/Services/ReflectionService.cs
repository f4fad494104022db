// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Reflection.V1;

namespace TokenLedger.Rpc;

/// <summary>
/// The standard reflection service: lets tools such as grpcurl find services and their messages. Immutable.
/// </summary>
public sealed class ReflectionService : ServerReflection.ServerReflectionBase
{
    private readonly SortedSet<string> _services = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FileDescriptor> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FileDescriptor> _symbols = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedDictionary<int, FileDescriptor>> _extensions = new(
        StringComparer.Ordinal);

    /// <summary>Describes all services of the given files.</summary>
    public ReflectionService(params IEnumerable<FileDescriptor> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        foreach (var file in files)
        {
            AddFile(file);
            _services.UnionWith(file.Services.Select(service => service.FullName));
        }
    }

    /// <inheritdoc/>
    public override async Task ServerReflectionInfo(
        IAsyncStreamReader<ServerReflectionRequest> requestStream,
        IServerStreamWriter<ServerReflectionResponse> responseStream,
        ServerCallContext context)
    {
        while (await requestStream.MoveNext(context.CancellationToken).ConfigureAwait(false))
        {
            var request = requestStream.Current;
            var response = Answer(request);
            response.ValidHost = request.Host;
            response.OriginalRequest = request;
            await responseStream.WriteAsync(response, context.CancellationToken).ConfigureAwait(false);
        }
    }

    private static ServerReflectionResponse Error(StatusCode code, string message) =>
        new() { ErrorResponse = new ErrorResponse { ErrorCode = (int)code, ErrorMessage = message } };

    internal ServerReflectionResponse Answer(ServerReflectionRequest request) =>
        request.MessageRequestCase switch
        {
            ServerReflectionRequest.MessageRequestOneofCase.ListServices => ListServices(),
            ServerReflectionRequest.MessageRequestOneofCase.FileByFilename =>
                FileAnswer(_files.GetValueOrDefault(request.FileByFilename)),
            ServerReflectionRequest.MessageRequestOneofCase.FileContainingSymbol =>
                FileAnswer(_symbols.GetValueOrDefault(request.FileContainingSymbol)),
            ServerReflectionRequest.MessageRequestOneofCase.FileContainingExtension => FileAnswer(
                _extensions.GetValueOrDefault(request.FileContainingExtension.ContainingType)
                    ?.GetValueOrDefault(request.FileContainingExtension.ExtensionNumber)),
            ServerReflectionRequest.MessageRequestOneofCase.AllExtensionNumbersOfType =>
                ExtensionNumbers(request.AllExtensionNumbersOfType),
            _ => Error(StatusCode.InvalidArgument, "The request asks for nothing."),
        };

    private ServerReflectionResponse ListServices()
    {
        var list = new ListServiceResponse();
        list.Service.AddRange(_services.Select(name => new ServiceResponse { Name = name }));
        return new ServerReflectionResponse { ListServicesResponse = list };
    }

    private ServerReflectionResponse ExtensionNumbers(string type)
    {
        if (!_symbols.ContainsKey(type))
        {
            return Error(StatusCode.NotFound, "The type is unknown.");
        }

        var answer = new ExtensionNumberResponse { BaseTypeName = type };
        answer.ExtensionNumber.AddRange(_extensions.GetValueOrDefault(type)?.Keys.AsEnumerable() ?? []);
        return new ServerReflectionResponse { AllExtensionNumbersResponse = answer };
    }

    /// <summary>The file and all that it imports, each after what imports it.</summary>
    private static ServerReflectionResponse FileAnswer(FileDescriptor? file)
    {
        if (file is null)
        {
            return Error(StatusCode.NotFound, "There is no such file or symbol.");
        }

        var answer = new FileDescriptorResponse();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Queue<FileDescriptor>([file]);
        while (open.TryDequeue(out var next))
        {
            if (seen.Add(next.Name))
            {
                answer.FileDescriptorProto.Add(next.SerializedData);
                foreach (var dependency in next.Dependencies)
                {
                    open.Enqueue(dependency);
                }
            }
        }

        return new ServerReflectionResponse { FileDescriptorResponse = answer };
    }

    private void AddFile(FileDescriptor file)
    {
        if (!_files.TryAdd(file.Name, file))
        {
            return;
        }

        foreach (var dependency in file.Dependencies)
        {
            AddFile(dependency);
        }

        foreach (var service in file.Services)
        {
            _symbols[service.FullName] = file;
            AddSymbols(service.Methods, file);
        }

        AddSymbols(file.EnumTypes, file);
        AddExtensions(file.Extensions.UnorderedExtensions, file);
        foreach (var message in file.MessageTypes)
        {
            AddMessage(message, file);
        }
    }

    private void AddMessage(MessageDescriptor message, FileDescriptor file)
    {
        _symbols[message.FullName] = file;
        AddSymbols(message.EnumTypes, file);
        AddSymbols(message.Fields.InDeclarationOrder(), file);
        AddSymbols(message.Oneofs, file);
        AddExtensions(message.Extensions.UnorderedExtensions, file);
        foreach (var nested in message.NestedTypes)
        {
            AddMessage(nested, file);
        }
    }

    private void AddSymbols(IEnumerable<IDescriptor> descriptors, FileDescriptor file)
    {
        foreach (var descriptor in descriptors)
        {
            _symbols[descriptor.FullName] = file;
        }
    }

    private void AddExtensions(IEnumerable<FieldDescriptor> extensions, FileDescriptor file)
    {
        foreach (var extension in extensions)
        {
            _symbols[extension.FullName] = file;
            if (!_extensions.TryGetValue(extension.ExtendeeType.FullName, out var numbers))
            {
                _extensions[extension.ExtendeeType.FullName] = numbers = [];
            }

            numbers[extension.FieldNumber] = file;
        }
    }
}
