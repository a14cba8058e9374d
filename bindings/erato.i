// One interface for every target language; what a language needs of its own is in its folder.
%module(threads="1") erato
%nothread;
// One function where a parameter has a default, so that typemaps of several parameters fit.
%feature("compactdefaultargs");
%{
#include <erato/erato.hpp>
%}
%include <stdint.i>
%include <std_string.i>
%include <std_vector.i>

#if defined(SWIGPYTHON)
%include "python/python.i"
#endif

%template(IdVector) std::vector<int32_t>;
%template(FloatVector) std::vector<float>;
%template(StringVector) std::vector<std::string>;

// These block while the model works: other threads of the host go on meanwhile.
%thread erato::Model::Model;
%thread erato::Model::logits;
%thread erato::Model::logitsInto;
%thread erato::Model::request;
%thread erato::Model::embed;
%thread erato::Model::embedInto;
%thread erato::Model::rerank;
%thread erato::Model::classify;
%thread erato::Model::findEntities;
%thread erato::Stream::Stream;
%thread erato::Stream::advance;
%thread erato::Response::Response;
%thread erato::Response::advance;

// An encoding cannot be copied: a binding gets it as an object of its own.
%ignore erato::Model::encode(const std::string&, int) const;
%ignore erato::Model::encodeChat(const std::string&) const;
%newobject erato::Model::encode;
%newobject erato::Model::encodeChat;
%extend erato::Model {
  erato::Encoding* encode(const std::string& text, int flags = ERATO_TEXT_PLAIN) {
    return new erato::Encoding(std::as_const(*$self).encode(text, flags));
  }
  erato::Encoding* encodeChat(const std::string& json) {
    return new erato::Encoding(std::as_const(*$self).encodeChat(json));
  }
}

%ignore erato::Error;
%rename("%(undercase)s", %$isfunction, %$ismember) "";
%include <erato/erato.hpp>
%template(EntityVector) std::vector<erato::Entity>;

// Numbers that the facade's calls take.
%constant int ROLE_SYSTEM = ERATO_ROLE_SYSTEM;
%constant int ROLE_USER = ERATO_ROLE_USER;
%constant int ROLE_ASSISTANT = ERATO_ROLE_ASSISTANT;
%constant int ROLE_TOOL = ERATO_ROLE_TOOL;
%constant int LOAD = ERATO_OPTIONS_LOAD;
%constant int SESSION = ERATO_OPTIONS_SESSION;
%constant int GENERATE = ERATO_OPTIONS_GENERATE;
%constant int READ = ERATO_OPTIONS_READ;
%constant int TEXT_PLAIN = ERATO_TEXT_PLAIN;
%constant int TEXT_ADD_SPECIAL = ERATO_TEXT_ADD_SPECIAL;
%constant int TEXT_TRUSTED = ERATO_TEXT_TRUSTED;
%constant int TEXT_SHOW_SPECIAL = ERATO_TEXT_SHOW_SPECIAL;
