"""Every address of the API."""

from django.urls import include, path, re_path
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from accounts.api import TokenView
from jiangdong.api_views import Unknown
from pairing.api import Agencies, Cadres, Communities, Pairings, Streets
from voices.api import Voices
from wishes.api import Wishes

router = SimpleRouter()
router.register("streets", Streets, basename="api-streets")
router.register("communities", Communities, basename="api-communities")
router.register("agencies", Agencies, basename="api-agencies")
router.register("cadres", Cadres, basename="api-cadres")
router.register("pairings", Pairings, basename="api-pairings")
router.register("wishes", Wishes, basename="api-wishes")
router.register("voices", Voices, basename="api-voices")

schema = SpectacularAPIView.as_view(renderer_classes=[OpenApiJsonRenderer, OpenApiYamlRenderer])
docs = SpectacularSwaggerSplitView.as_view(url_name="api-schema", template_name="api_docs.html")

version_1 = [
    path("token/", TokenView.as_view(), name="api-token"),
    path("schema/", schema, name="api-schema"),
    path("docs/", docs, name="api-docs"),
    *router.urls,
]

urlpatterns = [
    path("v1/", include(version_1)),
    re_path("", Unknown.as_view()),
]
